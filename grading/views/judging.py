"""Grading again what graders failed at; whoever sees a run may ask for that."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from grading.judging.retrying import retry_assessments
from grading.models import Grading
from grading.views.lookup import look_at, visible_runs
from grading.views.runs import show_again
from simulation.errors import Conflict
from simulation.views.lookup import SignedIn, see_other
from simulation.wording import counted


@login_required
@require_POST
def retry_grading(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(visible_runs(request), pk=pk)
    _retry(request, run.official_id)
    return show_again(request, pk)


@login_required
@require_POST
def retry_episode(request: SignedIn, run_pk: int, pk: int) -> HttpResponse:
    rollout, _ = look_at(request, run_pk, pk)
    _retry(request, rollout.run.official_id, rollout=rollout.pk)
    return see_other(reverse("grading:episode", args=[run_pk, pk]))


def _retry(request: HttpRequest, official: int | None, *, rollout: int | None = None) -> None:
    grading = get_object_or_404(Grading, pk=official)
    try:
        count = retry_assessments(grading, rollout=rollout)
    except Conflict as error:
        messages.error(request, f"{error.message}.")
        return
    what = f"{counted(count, 'rollout')}: what graders failed at is graded again."
    messages.success(request, what if count else "There is nothing that graders failed at.")
