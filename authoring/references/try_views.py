"""The playground on a task's setup, and what becomes of the calls that were made there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authoring.access import TaskLook, edit_task, look_at_task
from authoring.drafts.document import fingerprint
from authoring.drafts.saving import change
from authoring.editor.frame import frame_for
from authoring.holding import hold_tasks
from authoring.references.solutions import Solution, change_steps, solution_of
from authoring.references.taking import take_page, with_miss
from authoring.references.trying import appended, as_steps, clone_of, replaced, stage_of
from simulation.errors import Conflict, GymError
from simulation.playground.reference import TakenCalls, taken_calls
from simulation.playground.scratch import Scratch
from simulation.views.lookup import SignedIn, see_other
from simulation.views.playground import answer_reset, answer_tool, answer_tools


@login_required
@require_safe
def tools(request: SignedIn, slug: str) -> HttpResponse:
    look = _look(request, slug)
    try:
        stage = stage_of(look)
    except Conflict as error:
        return _not_ready(request, look, error)
    return answer_tools(request, stage)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def tool(request: SignedIn, slug: str, name: str) -> HttpResponse:
    look = _look(request, slug)
    try:
        stage = stage_of(look)
    except Conflict as error:
        return _not_ready(request, look, error)
    return answer_tool(request, stage, name)


@login_required
@require_POST
@transaction.atomic
def reset(request: SignedIn, slug: str) -> HttpResponse:
    look = _look(request, slug)
    try:
        stage = stage_of(look)
    except Conflict as error:
        return _not_ready(request, look, error)
    return answer_reset(request, stage)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: SignedIn, slug: str) -> HttpResponse:
    """Show one's calls as steps; POST makes them the reference, a part of it, or a near-miss."""
    look = edit_task(request.user, slug)
    try:
        clone = clone_of(look)
    except Conflict as error:
        return _not_ready(request, look, error)
    taken = taken_calls(clone.steps) if clone else None
    if request.method != "POST" or taken is None or not taken.steps:
        return _show_take(request, look, clone)
    try:
        return _taken(request, look, taken)
    except GymError as error:
        return _show_take(request, look, clone, problem=error.message, status=error.status)


def _taken(request: SignedIn, look: TaskLook, taken: TakenCalls) -> HttpResponse:
    steps, reference = as_steps(taken), solution_of(look, None)
    what = request.POST.get("what", "")
    if what == "near_miss":
        name = request.POST.get("name", "")
        draft = change(
            look.task, lambda document: with_miss(document, name, steps), by=request.user
        )
        return see_other(Solution(look, len(draft.content["near_misses"]), name, ()).url())
    if what == "append":
        change_steps(reference, lambda there: appended(there, steps), by=request.user)
    elif what == "replace":
        _replace(request, reference, steps)
    else:
        raise Http404
    messages.success(request, f"Your {len(steps)} calls are in the reference.")
    return see_other(reference.url())


def _replace(request: SignedIn, reference: Solution, steps: list[dict[str, object]]) -> None:
    """Raises Conflict when the reference is not what was seen."""

    def do(there: list[dict[str, object]]) -> list[dict[str, object]]:
        if fingerprint(there) != request.POST.get("base", ""):
            raise Conflict("the reference was changed meanwhile: look at it, then replace it")
        return replaced(there, steps)

    change_steps(reference, do, by=request.user)


def _look(request: SignedIn, slug: str) -> TaskLook:
    """Raises Http404 for people who see nothing of the draft.

    Who makes something of the task keeps it as it is: what was made of a task that is held out
    meanwhile would be shown to others.
    """
    look = look_at_task(request.user, slug)
    if not look.sees_draft:
        raise Http404
    if request.method == "POST":
        held = hold_tasks([look.task.pk])
        if held[look.task.pk].split != look.task.split:
            return look_at_task(request.user, slug)
    return look


def _show_take(
    request: SignedIn,
    look: TaskLook,
    clone: Scratch | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    page = take_page(look, clone, name=request.POST.get("name", ""), problem=problem)
    context = {"frame": frame_for(request, look, "reference"), "page": page}
    return render(request, "authoring/take_calls.html", context, status=status)


def _not_ready(request: SignedIn, look: TaskLook, error: Conflict) -> HttpResponse:
    """Lead back with the reason why nothing can be tried yet."""
    messages.error(request, f"{error.message[:1].upper()}{error.message[1:].rstrip('.')}.")
    return see_other(solution_of(look, None).url())
