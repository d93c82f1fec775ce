"""Runs and rollouts as views look them up: what one may not see is 404."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from grading.models import Grading, Rollout, Run, RunQuerySet
from grading.people.look import BLIND, Look, is_blind
from simulation.views.lookup import SignedIn, number


def visible_runs(request: HttpRequest) -> RunQuerySet:
    return Run.objects.visible_to(request.user).select_related("owner", "lane")


def look_at(request: SignedIn, run_pk: int, pk: int) -> tuple[Rollout, Look]:
    """Find a rollout with its run, episode and world, and how it is looked at.

    `?grading=` names another grading than the official one; `outcome` is by the one looked at.
    """
    run = get_object_or_404(visible_runs(request).select_related("official"), pk=run_pk)
    look = _look(request, run)
    rollouts = Rollout.objects.visible_to(request.user).filter(run_id=run_pk)
    with_all = rollouts.with_outcome(look.grading.pk).select_related("run", "episode__world")
    with_all = with_all.defer("episode__world__manifest", "episode__world__prompts")
    rollout: Rollout = get_object_or_404(with_all, pk=pk)
    return rollout, look


def _look(request: SignedIn, run: Run) -> Look:
    grading, asked = run.official, {}
    if "grading" in request.GET:
        mine = Grading.objects.visible_to(request.user).filter(run=run)
        grading = mine.filter(number=number(request, "grading") or 0).first()
        asked["grading"] = request.GET["grading"]
    if grading is None:
        raise Http404
    if request.GET.get(BLIND) == "1":
        asked[BLIND] = "1"
    return Look(
        user=request.user, run=run, grading=grading, is_blind=is_blind(request), asked=asked
    )


def visible_run(request: HttpRequest, pk: int) -> Run:
    run: Run = get_object_or_404(visible_runs(request).select_related("official"), pk=pk)
    return run


def visible_grading(request: HttpRequest, run: Run, number: int) -> Grading:
    gradings = Grading.objects.visible_to(request.user).filter(run=run)
    return get_object_or_404(gradings.select_related("run", "asked_by"), number=number)
