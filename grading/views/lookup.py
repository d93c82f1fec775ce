"""Runs and rollouts as views look them up: what one may not see is 404."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from grading.models import Grading, Rollout, Run, RunQuerySet


def visible_runs(request: HttpRequest) -> RunQuerySet:
    return Run.objects.visible_to(request.user).select_related("owner")


def visible_rollout(request: HttpRequest, run_pk: int, pk: int) -> Rollout:
    """Find a rollout with its run, episode and world; `outcome` is by the official grading."""
    official = get_object_or_404(visible_runs(request), pk=run_pk).official_id
    rollouts = Rollout.objects.visible_to(request.user).filter(run_id=run_pk)
    with_all = rollouts.with_outcome(official).select_related("run", "episode__world")
    with_all = with_all.defer("episode__world__manifest", "episode__world__prompts")
    rollout: Rollout = get_object_or_404(with_all, pk=pk)
    return rollout


def visible_run(request: HttpRequest, pk: int) -> Run:
    run: Run = get_object_or_404(visible_runs(request).select_related("official"), pk=pk)
    return run


def visible_grading(request: HttpRequest, run: Run, number: int) -> Grading:
    gradings = Grading.objects.visible_to(request.user).filter(run=run)
    return get_object_or_404(gradings.select_related("run", "asked_by"), number=number)
