"""Showing an episode: the whole page, or for htmx what an action changed on it."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from grading.episode_page import episode_page
from grading.judging_panel import episode_judging
from grading.models import Rollout
from grading.people.look import Look, remember_seen
from grading.people.pages import Typed
from simulation.views.lookup import SignedIn, number


def show_episode(
    request: SignedIn,
    rollout: Rollout,
    look: Look,
    *,
    typed: Typed | None = None,
    status: int = 200,
) -> HttpResponse:
    page = episode_page(rollout, _siblings(look), look, at=number(request, "at"), typed=typed)
    for assessment in rollout.assessments.all() if not look.is_blind else ():
        if assessment.grading_id == look.grading.pk:
            remember_seen(request, assessment.pk)
    judging = None if look.is_blind else episode_judging(rollout, request.user)
    context = {"page": page, "judging": judging}
    return render(request, "grading/episode.html", context, status=status)


def show_changes(
    request: SignedIn,
    rollout: Rollout,
    look: Look,
    *,
    steps: Collection[int] = (),
    typed: Typed | None = None,
    announcement: str = "",
    status: int = 200,
) -> HttpResponse:
    """Give the criteria, and beside them what else an action changed: head, strip, steps, side.

    steps: those whose marks may have changed.
    """
    at = number(request, "at")
    page = episode_page(rollout, _siblings(look), look, at=at, typed=typed, only=steps)
    context = {"page": page, "announcement": announcement}
    return render(request, "grading/episode_changes.html", context, status=status)


def show_news(request: SignedIn, rollout: Rollout, look: Look, *, after: int) -> HttpResponse:
    """Give the steps after one, and what else may have changed while the episode goes on."""
    count = rollout.episode.step_count
    page = episode_page(
        rollout, _siblings(look), look, at=None, only=range(after + 1, count + after + 2)
    )
    return render(request, "grading/episode_news.html", {"page": page})


def _siblings(look: Look) -> QuerySet[Rollout]:
    return Rollout.objects.shown_in(look.run).order_by("subject", "agent", "index")
