"""The page of an episode and its payloads."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from grading.episode_page import quotes_by_step, shown_assessment
from grading.payloads import payload_page
from grading.people.judged import read_judged
from grading.views.lookup import look_at
from grading.views.showing import show_episode, show_news
from simulation.views.lookup import SignedIn, number


@login_required
@require_safe
def episode(request: SignedIn, run_pk: int, pk: int) -> HttpResponse:
    rollout, look = look_at(request, run_pk, pk)
    return show_episode(request, rollout, look)


@login_required
@require_safe
def episode_live(request: SignedIn, run_pk: int, pk: int) -> HttpResponse:
    """What came after a step, for a page that stays where it is read; a whole page for others."""
    rollout, look = look_at(request, run_pk, pk)
    if not request.headers.get("HX-Request"):
        return show_episode(request, rollout, look)
    return show_news(request, rollout, look, after=number(request, "after") or 0)


@login_required
@require_safe
def step_payload(request: SignedIn, run_pk: int, pk: int, index: int, part: str) -> HttpResponse:
    """All of one step's arguments or result; the fragment for htmx, a page for everybody else."""
    rollout, look = look_at(request, run_pk, pk)
    step = get_object_or_404(rollout.episode.steps, index=index, kind="tool_call")
    quotes = quotes_by_step(read_judged(shown_assessment(rollout, look), look))
    is_raw = request.GET.get("view") == "raw"
    page = payload_page(rollout, look, step, part, raw=is_raw, quotes=quotes.get(step.index, ()))
    if request.headers.get("HX-Request"):
        context = {"payload": page.payload, "name": part.capitalize()}
        return render(request, "simulation/partials/payload.html", context)
    return render(request, "grading/step_payload.html", {"page": page})
