"""The page of an episode and its payloads."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from grading.episode_page import episode_page, payload_page
from grading.judging_panel import episode_judging
from grading.models import Rollout
from grading.views.lookup import visible_rollout
from simulation.views.lookup import number


@login_required
@require_safe
def episode(request: HttpRequest, run_pk: int, pk: int) -> HttpResponse:
    rollout = visible_rollout(request, run_pk, pk)
    siblings = Rollout.objects.filter(run_id=run_pk).order_by("subject", "agent", "index")
    at = number(request, "at")
    page = episode_page(rollout, siblings, at=at)
    context = {"page": page, "judging": episode_judging(rollout, request.user)}
    return render(request, "grading/episode.html", context)


@login_required
@require_safe
def step_payload(request: HttpRequest, run_pk: int, pk: int, index: int, part: str) -> HttpResponse:
    """All of one step's arguments or result; the fragment for htmx, a page for everybody else."""
    rollout = visible_rollout(request, run_pk, pk)
    step = get_object_or_404(rollout.episode.steps, index=index, kind="tool_call")
    page = payload_page(rollout, step, part, raw=request.GET.get("view") == "raw")
    if request.headers.get("HX-Request"):
        context = {"payload": page.payload, "name": part.capitalize()}
        return render(request, "simulation/partials/payload.html", context)
    return render(request, "grading/step_payload.html", {"page": page})
