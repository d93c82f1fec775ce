"""What people do with a run and its episodes while they run; each answer is the page again."""

from collections.abc import Callable
from functools import partial, wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from grading.models import Rollout, Run
from grading.running import (
    limit_run,
    may_steer,
    pause_run,
    release_parked,
    resume_run,
)
from grading.runs import cancel_run, retry_masked, retry_rollout
from grading.views.lookup import look_at, visible_run
from grading.views.runs import show_again, show_run
from simulation.episodes import release_episode
from simulation.errors import Conflict, InvalidArgument
from simulation.text import clean_text
from simulation.views.lookup import SignedIn, see_other
from simulation.wording import counted

Act = Callable[[Run], str]  # does something with a run and says what came of it


def _steers(act: Act) -> Callable[[HttpRequest, int], HttpResponse]:
    """Make the view of an act."""

    @login_required
    @require_POST
    @wraps(act)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        _do(request, _steered(request, pk), act)
        return show_again(request, pk)

    return view


def _steers_one(act: Callable[[Rollout], str]) -> Callable[[SignedIn, int, int], HttpResponse]:
    """Make the view of an act on one rollout, of those who may steer its run."""

    @login_required
    @require_POST
    @wraps(act)
    def view(request: SignedIn, run_pk: int, pk: int) -> HttpResponse:
        rollout, _ = look_at(request, run_pk, pk)
        _do(request, _steered(request, run_pk), lambda _: act(rollout))
        return see_other(reverse("grading:episode", args=[run_pk, pk]))

    return view


@_steers
def run_cancel(run: Run) -> str:
    count = cancel_run(run)
    were = "was" if count == 1 else "were"
    return f"{counted(count, 'episode')} {were} cancelled; what had ended stays."


@_steers
def run_pause(run: Run) -> str:
    pause_run(run)
    return "The run is paused. What runs rests once the answer on its way is stored."


@_steers
def run_resume(run: Run) -> str:
    resume_run(run)
    return "The run goes on."


@_steers
def run_retry_masked(run: Run) -> str:
    count = retry_masked(run)
    again = f"{counted(count, 'masked rollout')} will be tried again."
    return again if count else "No rollout is masked: there is nothing to try again."


@_steers
def run_release(run: Run) -> str:
    count = release_parked(run)
    released = f"{counted(count, 'episode')} released: workers go on where they stood."
    return released if count else "No episode is parked."


@_steers_one
def episode_retry(rollout: Rollout) -> str:
    retry_rollout(rollout)
    return "It is tried again from the start; the attempt that failed stays stored."


@_steers_one
def episode_release(rollout: Rollout) -> str:
    release_episode(rollout.episode_id)
    return "It is released: a worker goes on where it stood."


@login_required
@require_POST
def run_limit(request: SignedIn, pk: int) -> HttpResponse:
    run = _steered(request, pk)
    typed = clean_text(request.POST.get("max_running", ""))[0].strip()
    try:
        _do(request, run, partial(_limit, typed=typed))
    except InvalidArgument as error:
        problem = f"{error.message[:1].upper()}{error.message[1:]}."
        return show_run(request, run, limit=typed, problem=problem, status=422)
    return show_again(request, pk)


def _limit(run: Run, *, typed: str) -> str:
    most = _number(typed)
    limit_run(run, most)
    at_most = f"At most {counted(most, 'episode')} of it run at one time." if most else ""
    return at_most or "The run has no limit of its own now."


def _steered(request: HttpRequest, pk: int) -> Run:
    run = visible_run(request, pk)
    if not may_steer(request.user, run):
        raise Http404
    return run


def _do(request: HttpRequest, run: Run, act: Act) -> None:
    """Do what was asked for, and let the answer say what came of it."""
    try:
        messages.success(request, act(run))
    except Conflict as error:
        messages.error(request, f"{error.message}.")


def _number(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise InvalidArgument(f"“{typed[:40]}” is no whole number; write one from 1, or nothing")
    return int(typed)
