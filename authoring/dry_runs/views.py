"""Dry runs of a task, for those who see its draft; to everybody else they are not found."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from authoring.access import TaskLook, look_at_task
from authoring.dry_runs import decisions
from authoring.dry_runs.blocked import blocked_by
from authoring.dry_runs.deciding import decidable, reference_of
from authoring.dry_runs.page import dry_run_page
from authoring.dry_runs.pages import Blocked
from authoring.dry_runs.past import MOST, USUAL
from authoring.dry_runs.past_page import past_page
from authoring.dry_runs.results import Result, read_result
from authoring.dry_runs.starting import cancel_dry_run, dry_runs_of, start_dry_run
from authoring.dry_runs.strip import strip_for
from authoring.dry_runs.to_decide import Sent
from authoring.editor.frame import frame_for
from authoring.editor.pages import EditorFrame, Inspector
from authoring.models import DryRun
from authoring.mutants.judges import named_judge
from grading.people.look import remember_seen
from grading.people.verdicts import Said
from grading.views.people import by_field
from simulation.errors import GymError, Problems
from simulation.views.lookup import SignedIn, number, see_other

TAB = "dry_run"  # none of the outline


@login_required
@require_safe
def page(request: SignedIn, slug: str) -> HttpResponse:
    look = _look(request, slug)
    asked = number(request, "run")
    runs = dry_runs_of(look.task)
    dry_run = get_object_or_404(runs, pk=asked) if asked else runs.first()
    result = _read(look, dry_run) if dry_run else None
    _remember(request, look, result)
    return _show(request, look, result)


@login_required
@require_safe
def progress(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """What changes on the page of a dry run that is under way; it is polled."""
    look = _look(request, slug)
    result = _read(look, get_object_or_404(dry_runs_of(look.task), pk=pk))
    _remember(request, look, result)
    found = dry_run_page(look, result)
    context = {"page": found, "was_asked": request.GET.get("asked") == "1"}
    return render(request, "authoring/partials/dry_run_parts.html", context)


@login_required
@require_safe
def strip(request: SignedIn, slug: str) -> HttpResponse:
    """The strip below the tabs, which is polled while a dry run is under way."""
    return _strip(request, _look(request, slug))


@login_required
@require_POST
def start(request: SignedIn, slug: str) -> HttpResponse:
    look = _look(request, slug)
    try:
        dry_run = start_dry_run(
            look.task,
            by=request.user,
            judge=named_judge(request.POST.get("judge", "")),
            with_mutants=request.POST.get("mutants") == "on",
        )
    except GymError as error:
        return _refused(request, look, blocked_by(look, error))
    if "HX-Request" in request.headers:
        return _strip(request, _look(request, slug))
    return see_other(_place(dry_run))


@login_required
@require_POST
def cancel(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    look = _look(request, slug)
    dry_run = get_object_or_404(dry_runs_of(look.task), pk=pk)
    is_cancelled = cancel_dry_run(dry_run)
    if "HX-Request" in request.headers:
        return _strip(request, look)
    words = "The dry run was cancelled." if is_cancelled else "It was over already."
    messages.info(request, words)
    return see_other(_place(dry_run))


@login_required
@require_POST
def decide(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """Decide a criterion on the reference; the author and who may not approve do not find it."""
    look = _look(request, slug)
    dry_run = get_object_or_404(dry_runs_of(look.task), pk=pk)
    result = _read(look, dry_run)
    criterion = decidable(look, result, request.POST.get("criterion", ""))
    values = {name: request.POST.get(name, "") for name in ("outcome", "reason")}
    said = Said(outcome=values["outcome"], reason=values["reason"], is_authoritative=True)
    try:
        decisions.decide(
            reference_of(result), criterion.key, said, dry_run=dry_run, by=request.user
        )
    except GymError as error:
        sent = Sent(key=criterion.key, values=values, problems=by_field(error))
        status = 422 if isinstance(error, Problems) else error.status
        return _show(request, look, result, sent=sent, status=status)
    messages.success(request, f"Decided: {criterion.key}.")
    return see_other(f"{_place(dry_run)}#to-decide")


@login_required
@require_safe
def past(request: SignedIn, slug: str) -> HttpResponse:
    """The draft's rubric tried on the last episodes of the task."""
    look = _look(request, slug)
    wanted = min(number(request, "n") or USUAL, MOST)
    context = {
        "frame": _frame(request, look),
        "page": past_page(look, request.user, wanted),
    }
    return render(request, "authoring/dry_run_past.html", context)


def _look(request: SignedIn, slug: str) -> TaskLook:
    look = look_at_task(request.user, slug)
    if not look.sees_draft:
        raise Http404
    return look


def _frame(request: SignedIn, look: TaskLook) -> EditorFrame:
    """The frame without strip, which the page repeats, and side: tables of agents are wide."""
    return replace(frame_for(request, look, TAB), inspector=Inspector(tabs=()))


def _read(look: TaskLook, dry_run: DryRun) -> Result:
    dry_run.task = dry_run.revision.task = look.task
    return read_result(dry_run)


def _show(
    request: SignedIn,
    look: TaskLook,
    result: Result | None,
    *,
    blocked: tuple[Blocked, ...] = (),
    sent: Sent | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "frame": _frame(request, look),
        "page": dry_run_page(look, result, blocked=blocked, sent=sent),
    }
    return render(request, "authoring/dry_run.html", context, status=status)


def _refused(request: SignedIn, look: TaskLook, blocked: tuple[Blocked, ...]) -> HttpResponse:
    if "HX-Request" in request.headers:
        return _strip(request, look, blocked, status=422)
    newest = dry_runs_of(look.task).first()
    result = _read(look, newest) if newest else None
    return _show(request, look, result, blocked=blocked, status=422)


def _strip(
    request: SignedIn, look: TaskLook, blocked: tuple[Blocked, ...] = (), *, status: int = 200
) -> HttpResponse:
    context = {"strip": strip_for(look, blocked)}
    return render(request, "authoring/partials/strip.html", context, status=status)


def _remember(request: SignedIn, look: TaskLook, result: Result | None) -> None:
    """Whoever gives a verdict blind later on has seen these all the same."""
    if result is None or look.hides_reference:
        return
    for tried in result.tried:
        if tried.assessment and tried.agent in result.verdicts:
            remember_seen(request, tried.assessment)


def _place(dry_run: DryRun) -> str:
    return f"{reverse('dry_run:page', args=[dry_run.task.slug])}?run={dry_run.pk}"
