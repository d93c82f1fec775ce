"""The page of a run's statistics."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from grading.models import Run
from grading.statistics_page.page import statistics_page
from grading.summaries.runs import comparable, run_figures
from grading.views.lookup import visible_runs
from simulation.views.lookup import number


@login_required
@require_safe
def statistics(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a run in pictures and numbers; `against` and `baseline` choose what is compared."""
    run = get_object_or_404(visible_runs(request).select_related("official"), pk=pk)
    against = None
    if other := number(request, "against"):
        against = get_object_or_404(comparable(Run.objects.visible_to(request.user), run), pk=other)
    figures = run_figures(run, baseline=request.GET.get("baseline", ""), against=against)
    page = statistics_page(run, figures, comparable(Run.objects.visible_to(request.user), run))
    return render(request, "grading/statistics.html", {"page": page})
