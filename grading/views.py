"""Pages of runs and episodes. Every one starts from what this person may see."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from grading.episode_page import episode_page, payload_page
from grading.models import Rollout, RolloutOutcome, Run, RunQuerySet
from grading.run_page import run_page, runs_page
from grading.runs import cancel_run
from simulation.roles import ADMIN, has_role
from simulation.views.lookup import number

FILTERS = ("agent", "task", "outcome")


@login_required
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in Run.Kind.values else ""
    visible = Run.objects.visible_to(request.user)
    page = runs_page(visible, kind=kind, page=number(request, "page") or 1)
    return render(request, "grading/runs.html", {"page": page})


@login_required
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_visible_runs(request), pk=pk)
    context = {"page": run_page(found, _filters(request)), "run": found}
    context["may_cancel"] = _may_cancel(request, found)
    return render(request, "grading/run.html", context)


@login_required
@require_safe
def run_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a run's page that is polled while it is live."""
    found = get_object_or_404(_visible_runs(request), pk=pk)
    page = run_page(found, _filters(request), is_fragment=True)
    return render(request, "grading/partials/run_progress.html", {"page": page})


@login_required
@require_POST
def run_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_visible_runs(request), pk=pk)
    if not _may_cancel(request, found):
        raise Http404
    count = cancel_run(found)
    messages.success(request, f"{count} episodes were cancelled; what had ended stays.")
    return redirect("grading:run", pk=pk)


@login_required
@require_safe
def episode(request: HttpRequest, run_pk: int, pk: int) -> HttpResponse:
    rollout = _rollout(request, run_pk, pk)
    siblings = Rollout.objects.filter(run_id=run_pk).order_by("subject", "agent", "index")
    at = number(request, "at")
    page = episode_page(rollout, siblings, at=at)
    return render(request, "grading/episode.html", {"page": page})


@login_required
@require_safe
def step_payload(request: HttpRequest, run_pk: int, pk: int, index: int, part: str) -> HttpResponse:
    """All of one step's arguments or result; the fragment for htmx, a page for everybody else."""
    rollout = _rollout(request, run_pk, pk)
    step = get_object_or_404(rollout.episode.steps, index=index, kind="tool_call")
    page = payload_page(rollout, step, part, raw=request.GET.get("view") == "raw")
    if request.headers.get("HX-Request"):
        context = {"payload": page.payload, "name": part.capitalize()}
        return render(request, "simulation/partials/payload.html", context)
    return render(request, "grading/step_payload.html", {"page": page})


def _visible_runs(request: HttpRequest) -> RunQuerySet:
    return Run.objects.visible_to(request.user).select_related("owner")


def _rollout(request: HttpRequest, run_pk: int, pk: int) -> Rollout:
    official = get_object_or_404(_visible_runs(request), pk=run_pk).official_grading
    rollouts = Rollout.objects.visible_to(request.user).filter(run_id=run_pk)
    with_all = rollouts.with_outcome(official).select_related("run", "episode__world")
    with_all = with_all.defer("episode__world__manifest", "episode__world__prompts")
    rollout: Rollout = get_object_or_404(with_all, pk=pk)
    return rollout


def _may_cancel(request: HttpRequest, found: Run) -> bool:
    return found.owner_id == request.user.pk or has_role(request.user, ADMIN)


def _filters(request: HttpRequest) -> dict[str, str]:
    filters = {name: request.GET.get(name, "") for name in FILTERS}
    if filters["outcome"] not in RolloutOutcome.values:
        filters["outcome"] = ""
    return {**filters, "page": request.GET.get("page", "")}
