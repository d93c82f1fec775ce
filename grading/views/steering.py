"""What people do with a run and its episodes while they run; each answer is the page again."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from grading.models import Run
from grading.running import (
    limit_run,
    may_steer,
    pause_run,
    release_parked,
    resume_run,
)
from grading.runs import cancel_run, retry_masked, retry_rollout
from grading.views.lookup import look_at, visible_runs
from grading.views.runs import show_run
from simulation.episodes import release_episode
from simulation.errors import Conflict, InvalidArgument
from simulation.text import clean_text
from simulation.views.lookup import SignedIn, see_other
from simulation.wording import counted


@login_required
@require_POST
def run_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    def act(run: Run) -> str:
        return f"{_cancelled(cancel_run(run))}; what had ended stays."

    return _steer(request, pk, act)


@login_required
@require_POST
def run_pause(request: HttpRequest, pk: int) -> HttpResponse:
    def act(run: Run) -> str:
        pause_run(run)
        return "The run is paused. What runs rests once the answer on its way is stored."

    return _steer(request, pk, act)


@login_required
@require_POST
def run_resume(request: HttpRequest, pk: int) -> HttpResponse:
    def act(run: Run) -> str:
        resume_run(run)
        return "The run goes on."

    return _steer(request, pk, act)


@login_required
@require_POST
def run_retry_masked(request: HttpRequest, pk: int) -> HttpResponse:
    def act(run: Run) -> str:
        count = retry_masked(run)
        again = f"{counted(count, 'masked rollout')} will be tried again."
        return again if count else "No rollout is masked: there is nothing to try again."

    return _steer(request, pk, act)


@login_required
@require_POST
def run_release(request: HttpRequest, pk: int) -> HttpResponse:
    def act(run: Run) -> str:
        count = release_parked(run)
        released = f"{counted(count, 'episode')} released: workers go on where they stood."
        return released if count else "No episode is parked."

    return _steer(request, pk, act)


@login_required
@require_POST
def run_limit(request: SignedIn, pk: int) -> HttpResponse:
    run = _steered(request, pk)
    typed = clean_text(request.POST.get("max_running", ""))[0].strip()
    try:
        most = _number(typed)
        limit_run(run, most)
    except InvalidArgument as error:
        return show_run(request, run, limit=typed, problem=f"{error.message}.", status=422)
    except Conflict as error:
        messages.error(request, f"{error.message}.")
    else:
        at_most = f"At most {counted(most, 'episode')} of it run at one time." if most else ""
        messages.success(request, at_most or "The run has no limit of its own now.")
    return see_other(reverse("grading:run", args=[pk]))


@login_required
@require_POST
def episode_retry(request: SignedIn, run_pk: int, pk: int) -> HttpResponse:
    rollout, _ = look_at(request, run_pk, pk)

    def act(_: Run) -> str:
        retry_rollout(rollout)
        return "It is tried again from the start; the attempt that failed stays stored."

    return _steer(request, run_pk, act, back=reverse("grading:episode", args=[run_pk, pk]))


@login_required
@require_POST
def episode_release(request: SignedIn, run_pk: int, pk: int) -> HttpResponse:
    rollout, _ = look_at(request, run_pk, pk)

    def act(_: Run) -> str:
        release_episode(rollout.episode_id)
        return "It is released: a worker goes on where it stood."

    return _steer(request, run_pk, act, back=reverse("grading:episode", args=[run_pk, pk]))


def _steered(request: HttpRequest, pk: int) -> Run:
    run: Run = get_object_or_404(visible_runs(request).select_related("official"), pk=pk)
    if not may_steer(request.user, run):
        raise Http404
    return run


def _steer(
    request: HttpRequest, pk: int, act: Callable[[Run], str], *, back: str = ""
) -> HttpResponse:
    """Do what was asked for, and say on the page what came of it."""
    run = _steered(request, pk)
    try:
        messages.success(request, act(run))
    except Conflict as error:
        messages.error(request, f"{error.message}.")
    return see_other(back or reverse("grading:run", args=[pk]))


def _cancelled(count: int) -> str:
    return f"{counted(count, 'episode')} {'was' if count == 1 else 'were'} cancelled"


def _number(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise InvalidArgument(f"“{typed[:40]}” is no whole number; write one from 1, or nothing")
    return int(typed)
