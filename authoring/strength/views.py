"""Pages of rubric strength. What one may not read is not found; only those who see the draft of a
task say what its mutants are."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from authoring.models import MutationReport
from authoring.mutants.judges import named_judge
from authoring.strength.access import measured_for, reports_for, sees_draft, task_for
from authoring.strength.marks import mark_equivalent, unmark
from authoring.strength.page import report_view, strength_page
from authoring.strength.pages import Typed
from authoring.strength.reports import cancel_report, start_report
from authoring.views import SignedInRequest
from simulation.errors import GymError, InvalidArgument, NotFound
from simulation.views.lookup import number


@login_required
@require_safe
def page(request: SignedInRequest, slug: str) -> HttpResponse:
    task = task_for(request.user, slug)
    found = strength_page(request.user, task, number(request, "report"))
    return render(request, "authoring/strength.html", {"page": found})


@login_required
@require_safe
def progress(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The part that is polled; when the report is over the whole page is loaded anew."""
    report = _report(request, slug, pk)
    context = {"report": report_view(request.user, report)}
    response = render(request, "authoring/partials/strength_progress.html", context)
    if not report.is_live and "HX-Request" in request.headers:
        response["HX-Redirect"] = _place(report)
    return response


@login_required
@require_POST
def start(request: SignedInRequest, slug: str) -> HttpResponse:
    task = task_for(request.user, slug)
    try:
        judge = named_judge(request.POST.get("judge", ""))
        measured = measured_for(request.user, task)
        report = start_report(task, measured, by=request.user, judge=judge)
    except GymError as error:
        messages.error(request, f"It cannot be measured: {error.message}")
        return redirect("strength:page", slug=slug)
    return redirect(_place(report))


@login_required
@require_POST
def cancel(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    report = _report(request, slug, pk)
    if report.created_by_id != request.user.pk and not sees_draft(request.user, report.task):
        raise Http404
    if cancel_report(report.pk):
        messages.success(request, "The measuring was cancelled.")
    else:
        messages.info(request, "It was over already.")
    return redirect(_place(report))


@login_required
@require_POST
def mark(request: SignedInRequest, slug: str, pk: int, mutant: str) -> HttpResponse:
    report, reason = _markable(request, slug, pk), request.POST.get("reason", "")
    try:
        mark_equivalent(report, mutant, reason=reason, by=request.user)
    except NotFound:
        raise Http404 from None
    except InvalidArgument as error:
        typed = Typed(mutant, reason, error.message)
        found = strength_page(request.user, report.task, report.pk, typed)
        return render(request, "authoring/strength.html", {"page": found}, status=422)
    except GymError as error:
        messages.info(request, error.message)
        return redirect(_place(report))
    messages.success(request, f"{mutant} counts no more: it is right too.")
    return redirect(_place(report))


@login_required
@require_POST
def take_back(request: SignedInRequest, slug: str, pk: int, mutant: str) -> HttpResponse:
    report = _markable(request, slug, pk)
    try:
        unmark(report, mutant, by=request.user)
    except NotFound:
        raise Http404 from None
    messages.success(request, f"{mutant} counts again.")
    return redirect(_place(report))


def _report(request: HttpRequest, slug: str, pk: int) -> MutationReport:
    reports = reports_for(request.user, task_for(request.user, slug))
    found: MutationReport = get_object_or_404(reports, pk=pk)
    return found


def _markable(request: HttpRequest, slug: str, pk: int) -> MutationReport:
    report = _report(request, slug, pk)
    if not sees_draft(request.user, report.task):
        raise Http404
    return report


def _place(report: MutationReport) -> str:
    return f"{reverse('strength:page', args=[report.task.slug])}?report={report.pk}"
