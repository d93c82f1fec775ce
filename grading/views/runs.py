"""The list of runs and the page of a run."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grading.judging_panel import run_judging
from grading.models import RolloutOutcome, Run
from grading.people.look import is_blind
from grading.regrading.permissions import may_grade
from grading.run_page import FILTERS, query_of, run_page, runs_page, with_problem
from grading.running import may_steer
from grading.transcripts.links import transcripts_links
from grading.views.lookup import visible_run, visible_runs
from simulation.stops import StopReason
from simulation.text import clean_text
from simulation.views.lookup import number, see_other


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
    return show_run(request, visible_run(request, pk))


@login_required
@require_safe
def run_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a run's page that is polled while it is live."""
    found = get_object_or_404(visible_runs(request), pk=pk)
    page = run_page(found, _filters(request), is_fragment=True)
    context = {"page": page, **_of_progress(request, found)}
    return render(request, "grading/partials/run_progress.html", context)


def show_run(
    request: HttpRequest, found: Run, *, limit: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    """Show a run, or for htmx the part of its page that an action changed.

    limit, problem: what was typed as a limit, and what is wrong with it.
    """
    is_part = _is_acted_in_place(request)
    page = run_page(found, _filters(request), is_fragment=is_part)
    if problem:
        page = with_problem(page, limit=limit, problem=problem)
    context = {"page": page, "run": found, **_of_progress(request, found)}
    if is_part:
        return render(request, "grading/run_acted.html", context, status=status)
    context["may_grade"] = may_grade(request.user, found)
    if not is_blind(request):
        context["transcripts"] = transcripts_links(found, _filters(request))
    return render(request, "grading/run.html", context, status=status)


def show_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an action on a run: with its page as it is now, filtered as it was."""
    if _is_acted_in_place(request):
        return show_run(request, visible_run(request, pk))
    return see_other(f"{reverse('grading:run', args=[pk])}{query_of(_filters(request))}")


def _is_acted_in_place(request: HttpRequest) -> bool:
    return request.method == "POST" and "HX-Request" in request.headers


def _of_progress(request: HttpRequest, found: Run) -> dict[str, Any]:
    return {
        "run_pk": found.pk,
        "may_steer": may_steer(request.user, found),
        "judging": run_judging(found, request.user),
    }


def _filters(request: HttpRequest) -> dict[str, str]:
    filters = {name: clean_text(request.GET.get(name, ""))[0] for name in FILTERS}
    if filters["outcome"] not in RolloutOutcome.values:
        filters["outcome"] = ""
    if filters["stop"] not in StopReason.values:
        filters["stop"] = ""
    return {**filters, "page": request.GET.get("page", "")}
