"""Repeat for each: a call for each item of a list, shown with their count before they are added."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from authoring.access import edit_task
from authoring.editor.frame import frame_for
from authoring.references import changes
from authoring.references.repeating import Repetition, repeat_page, repetition
from authoring.references.solutions import change_steps, solution_of
from authoring.references.step_form import CallForm
from authoring.references.step_views import not_ready, place_of, state_of, tool_of
from simulation.errors import GymError
from simulation.forms.repeated import ADD, edited, is_edited
from simulation.views.lookup import SignedIn, see_other


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: SignedIn, slug: str, tool: str, miss: int | None = None) -> HttpResponse:
    """Show the form and, when asked, the calls that it makes; POST with `what` add adds them."""
    look = edit_task(request.user, slug)
    solution = solution_of(look, miss)
    state = state_of(solution)
    if state is None:
        return not_ready(request, solution)
    form = CallForm(solution, tool_of(look, tool), place_of(request, solution), state)
    if is_edited(request.POST):
        return _show(request, form, edited(request.POST))
    if request.method != "POST":
        return _show(request, form, QueryDict())
    try:
        found = repetition(form, request.POST)
        if request.POST.get("what") != "add":
            return _show(request, form, request.POST, found=found)
        steps = list(found.steps)
        change_steps(
            solution, lambda there: changes.insert(there, form.place, steps), by=request.user
        )
    except GymError as error:
        return _show(request, form, request.POST, error=error)
    return see_other(f"{solution.url()}#step-{form.place + 1}")


def _show(
    request: SignedIn,
    form: CallForm,
    typed: QueryDict,
    *,
    found: Repetition | None = None,
    error: GymError | None = None,
) -> HttpResponse:
    page = repeat_page(form, typed, added=request.POST.get(ADD, ""), error=error, found=found)
    context = {"frame": frame_for(request, form.solution.look, "reference"), "page": page}
    status = 422 if error else 200
    return render(request, "authoring/repeat.html", context, status=status)
