"""The tab Reference of a task, its last message, and the toolset that it needs."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from authoring.access import TaskLook, edit_task, look_at_rubric
from authoring.drafts.saving import Edit
from authoring.editor.answers import answer_save
from authoring.editor.frame import frame_for
from authoring.references import changes
from authoring.references.page import SolutionPage, solution_page
from authoring.references.solutions import solution_of
from simulation.text import clean_text
from simulation.views.lookup import SignedIn

MAX_MESSAGE = 50_000


@login_required
@require_safe
def page(request: SignedIn, slug: str) -> HttpResponse:
    look = look_at_rubric(request.user, slug)
    return show(request, look, solution_page(look))


@login_required
@require_POST
def message(request: SignedIn, slug: str, miss: int | None = None) -> HttpResponse:
    """Save the last message of a solution; an empty one is none."""
    look = edit_task(request.user, slug)
    solution = solution_of(look, miss)
    sent = request.POST.get("message", "").replace("\r\n", "\n")
    text, _ = clean_text(sent, limit=MAX_MESSAGE)
    place = changes.end_of(solution.steps)
    base = request.POST.get(f"base.{solution.key(place)}", "")
    steps = changes.with_message(solution.steps, text)
    edit = solution.edit_of(steps, place, base)

    def again(problems: Mapping[str, str]) -> HttpResponse:
        told = "; ".join(problems.values())
        shown = solution_page(edit_task(request.user, slug), miss, typed=request.POST, problem=told)
        return show(request, look, shown, status=422)

    return answer_save(request, look, [edit], show=again, back=f"{solution.url()}#message")


@login_required
@require_POST
def toolset(request: SignedIn, slug: str) -> HttpResponse:
    """Give the task the toolset that its reference needs."""
    look = edit_task(request.user, slug)
    snapshot, wanted = look.scene.snapshot, request.POST.get("toolset", "")
    if snapshot is None or wanted not in snapshot.company.toolsets:
        raise Http404
    edit = Edit(path="toolset", value=wanted, base=request.POST.get("base.toolset", ""))

    def again(problems: Mapping[str, str]) -> HttpResponse:
        return show(request, look, solution_page(look), status=422)

    return answer_save(request, look, [edit], show=again, back=solution_of(look, None).url())


def show(
    request: SignedIn, look: TaskLook, page: SolutionPage, *, status: int = 200
) -> HttpResponse:
    context = {"frame": frame_for(request, look, "reference"), "page": page}
    template = "authoring/near_miss.html" if page.name else "authoring/reference.html"
    return render(request, template, context, status=status)
