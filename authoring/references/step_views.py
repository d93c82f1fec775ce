"""The steps of a solution: added, edited, moved, duplicated and removed, one at a time."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authoring.access import TaskLook, edit_task
from authoring.editor.answers import answer_save, is_autosave
from authoring.editor.frame import frame_for
from authoring.references import changes
from authoring.references.changes import Referred, Step
from authoring.references.choosing import choose_page
from authoring.references.page import solution_page, with_removal
from authoring.references.solutions import Solution, change_steps, solution_of
from authoring.references.step_form import CallForm, Typed
from authoring.references.views import show
from simulation.agents.reference import Results
from simulation.errors import Conflict, GymError
from simulation.forms.repeated import ADD, edited, is_edited
from simulation.state import WorldState
from simulation.tools import Tool, find_tool
from simulation.views.lookup import SignedIn, number, see_other


@login_required
@require_safe
def choose(request: SignedIn, slug: str, miss: int | None = None) -> HttpResponse:
    """Choose the tool of a step that comes before the step `at`."""
    look = edit_task(request.user, slug)
    solution = solution_of(look, miss)
    if look.scene.snapshot is None:
        return not_ready(request, solution)
    tools = look.scene.snapshot.company.tools
    repeats = request.GET.get("repeat") == "1"
    page = choose_page(solution, tools, place_of(request, solution), repeats=repeats)
    context = {"frame": frame_for(request, look, "reference"), "page": page}
    return render(request, "authoring/choose_tool.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, slug: str, tool: str, miss: int | None = None) -> HttpResponse:
    """Write a new call, and put it before the step `at`."""
    look = edit_task(request.user, slug)
    solution = solution_of(look, miss)
    state = state_of(solution)
    if state is None:
        return not_ready(request, solution)
    form = CallForm(solution, tool_of(look, tool), place_of(request, solution), state)
    if is_edited(request.POST):
        return _show_form(request, form, _edited(request))
    if request.method != "POST":
        return _show_form(request, form, Typed())
    arguments, problems = form.read(request.POST)
    if problems:
        return _show_form(request, form, Typed(request.POST, problems), status=422)
    step = {"call": form.tool.name, "arguments": arguments}
    try:
        change_steps(
            solution, lambda steps: changes.insert(steps, form.place, [step]), by=request.user
        )
    except GymError as error:
        messages.error(request, error.message)
        return _show_form(request, form, Typed(request.POST), status=error.status)
    return see_other(f"{solution.url()}#step-{form.place + 1}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedIn, slug: str, number: int, miss: int | None = None) -> HttpResponse:
    """Show a call with its form, what it gave and what it changed; POST saves its arguments."""
    look = edit_task(request.user, slug)
    form = _form_of(solution_of(look, miss), number - 1)
    if is_edited(request.POST):
        return _show_form(request, form, _edited(request))
    if request.method != "POST":
        return _show_form(request, form, Typed())
    return _save_step(request, look, form)


def _save_step(request: SignedIn, look: TaskLook, form: CallForm) -> HttpResponse:
    solution, place = form.solution, form.place
    arguments, problems = form.read(request.POST)
    if problems and not is_autosave(request):
        return _show_form(request, form, Typed(request.POST, problems), status=422)
    base = request.POST.get(f"base.{solution.key(place)}", "")
    steps = changes.replace_call(
        solution.steps, place, {"call": form.tool.name, "arguments": arguments}
    )
    edits = [] if problems else [solution.edit_of(steps, place, base)]

    def again(found: Mapping[str, str]) -> HttpResponse:
        return _show_form(request, form, Typed(request.POST, found), status=422)

    back = f"{solution.url()}#step-{place + 1}"
    return answer_save(request, look, edits, show=again, back=back, problems=problems)


@login_required
@require_POST
def do(request: SignedIn, slug: str, number: int, miss: int | None = None) -> HttpResponse:
    """Move a step up or down, duplicate or remove it; `what` says which.

    A step whose result others use is removed when `values` says that those are put in its place.
    """
    look = edit_task(request.user, slug)
    solution, place = solution_of(look, miss), number - 1
    what, base = request.POST.get("what", ""), request.POST.get("base", "")
    results = Results(_calls_of(solution)) if request.POST.get("values") == "1" else None
    moves: dict[str, tuple[Any, int]] = {
        "up": (lambda steps: changes.move(steps, place, place - 1), place - 1),
        "down": (lambda steps: changes.move(steps, place, place + 1), place + 1),
        "duplicate": (lambda steps: changes.duplicate(steps, place), place + 1),
        "remove": (lambda steps: changes.remove(steps, place, results), place),
    }
    if what not in moves:
        raise Http404
    move, goes_to = moves[what]
    try:
        change_steps(solution, move, by=request.user, place=place, base=base)
    except Referred as error:
        page = with_removal(solution_page(look, miss), solution, place, error.message)
        return show(request, look, page, status=409)
    except Conflict as error:
        messages.error(request, _sentence(error.message))
        goes_to = place
    return see_other(f"{solution.url()}#step-{goes_to + 1}")


def place_of(request: SignedIn, solution: Solution) -> int:
    """Give the place that an address names; the end without one, or when it is not there."""
    end = changes.end_of(solution.steps)
    at = number(request, "at")
    return at - 1 if at and at - 1 <= end else end


def tool_of(look: TaskLook, name: str) -> Tool:
    """Raises Http404 for a tool that the world has not."""
    snapshot = look.scene.snapshot
    found = find_tool(snapshot.company.tools, name) if snapshot else None
    if found is None:
        raise Http404
    return found


def state_of(solution: Solution) -> WorldState | None:
    """Give the world as the solution leaves it, else as the task lays it out."""
    scene = solution.scene
    return scene.played.evidence.world if scene.played else scene.ready


def _form_of(solution: Solution, place: int) -> CallForm:
    """Raises Http404 for a step that is not there, or calls a tool that is not."""
    steps = solution.steps
    state = state_of(solution)
    if not 0 <= place < len(steps) or not changes.is_call(steps[place]) or state is None:
        raise Http404
    found: Step = steps[place]
    tool = tool_of(solution.look, found["call"])
    return CallForm(solution, tool, place, state, found.get("arguments") or {}, is_new=False)


def _calls_of(solution: Solution) -> list[Any]:
    played = solution.scene.played
    return played.calls if played else []


def _edited(request: SignedIn) -> Typed:
    return Typed(edited(request.POST), added=request.POST.get(ADD, ""))


def _show_form(
    request: SignedIn, form: CallForm, typed: Typed, *, status: int = 200
) -> HttpResponse:
    frame = frame_for(request, form.solution.look, "reference")
    context = {"frame": frame, "page": form.page(typed)}
    return render(request, "authoring/step.html", context, status=status)


def not_ready(request: SignedIn, solution: Solution) -> HttpResponse:
    """Lead back with the reason why no step can be written yet."""
    messages.error(request, _sentence(solution.scene.world_problem))
    return see_other(solution.url())


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
