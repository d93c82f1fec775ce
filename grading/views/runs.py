"""The list of runs and the page of a run."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from grading.judging_panel import run_judging
from grading.models import RolloutOutcome, Run
from grading.people.look import is_blind
from grading.regrading.permissions import may_grade
from grading.run_page import run_page, runs_page
from grading.runs import cancel_run
from grading.transcripts.links import transcripts_links
from grading.views.lookup import visible_run, visible_runs
from simulation.roles import ADMIN, has_role
from simulation.text import clean_text
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
    found = visible_run(request, pk)
    context = {"page": run_page(found, _filters(request)), "run": found}
    context["may_cancel"] = _may_cancel(request, found)
    context["judging"] = run_judging(found, request.user)
    context["may_grade"] = may_grade(request.user, found)
    if not is_blind(request):
        context["transcripts"] = transcripts_links(found, _filters(request))
    return render(request, "grading/run.html", context)


@login_required
@require_safe
def run_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a run's page that is polled while it is live."""
    found = get_object_or_404(visible_runs(request), pk=pk)
    page = run_page(found, _filters(request), is_fragment=True)
    context = {"page": page, "judging": run_judging(found, request.user)}
    return render(request, "grading/partials/run_progress.html", context)


@login_required
@require_POST
def run_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_runs(request), pk=pk)
    if not _may_cancel(request, found):
        raise Http404
    count = cancel_run(found)
    messages.success(request, f"{count} episodes were cancelled; what had ended stays.")
    return redirect("grading:run", pk=pk)


def _may_cancel(request: HttpRequest, found: Run) -> bool:
    return found.owner_id == request.user.pk or has_role(request.user, ADMIN)


def _filters(request: HttpRequest) -> dict[str, str]:
    filters = {name: clean_text(request.GET.get(name, ""))[0] for name in FILTERS}
    if filters["outcome"] not in RolloutOutcome.values:
        filters["outcome"] = ""
    return {**filters, "page": request.GET.get("page", "")}
