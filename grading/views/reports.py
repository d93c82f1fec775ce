"""Task reports: the list, one with its trail, and its moves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from grading.models import TaskReport
from grading.people.owners import owner_choices, owner_named
from grading.people.pages import MoveForm
from grading.people.reports import MOVES, assign_report, comment_on, move_report
from grading.people.reports_page import FILTERS, report_page, reports_page
from grading.views.people import by_field, whole_number
from simulation.errors import GymError, Problems
from simulation.views.lookup import SignedIn, see_other


@login_required
@require_safe
def reports(request: SignedIn) -> HttpResponse:
    filters = {name: request.GET.get(name, "") for name in (*FILTERS, "page")}
    if filters["state"] not in TaskReport.State.values:
        filters["state"] = ""
    if filters["fault"] not in TaskReport.Fault.values:
        filters["fault"] = ""
    page = reports_page(request.user, filters)
    return render(request, "grading/reports.html", {"page": page})


@login_required
@require_safe
def report(request: SignedIn, pk: int) -> HttpResponse:
    return _show(request, _visible(request, pk))


@login_required
@require_POST
def report_move(request: SignedIn, pk: int) -> HttpResponse:
    """Make a move, comment, or say who deals with it; which one says `action`."""
    found = _visible(request, pk)
    action = request.POST.get("action", "")
    if action not in (*MOVES, "comment", "assign"):
        raise Http404
    try:
        _act(request, found, action)
    except GymError as error:
        typed = _typed(request, action, by_field(error))
        status = 422 if isinstance(error, Problems) else error.status
        return _show(request, _visible(request, pk), typed, status=status)
    messages.success(request, f"Report {found.pk}: done.")
    return see_other(reverse("reports:report", args=[pk]))


def _visible(request: SignedIn, pk: int) -> TaskReport:
    visible = TaskReport.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("rollout__run", "reporter", "owner"), pk=pk)


def _act(request: SignedIn, found: TaskReport, action: str) -> None:
    comment = request.POST.get("comment", "").replace("\r\n", "\n")
    if action == "comment":
        comment_on(found, actor=request.user, comment=comment)
    elif action == "assign":
        assign_report(found, owner_named(request.POST.get("owner", "")), actor=request.user)
    else:
        fixed_in = whole_number(request.POST.get("fixed_in", "")) if action == "fix" else None
        move_report(found, action, actor=request.user, comment=comment, fixed_in=fixed_in)


def _typed(request: SignedIn, action: str, problems: dict[str, str]) -> MoveForm:
    return MoveForm(
        action=action,
        label="",
        needs_comment=False,
        needs_revision=False,
        lowest=0,
        comment=request.POST.get("comment", ""),
        fixed_in=request.POST.get("fixed_in", ""),
        problems=problems,
    )


def _show(
    request: SignedIn, found: TaskReport, typed: MoveForm | None = None, *, status: int = 200
) -> HttpResponse:
    owners = owner_choices(found.owner.get_username() if found.owner else "")
    page = report_page(found, request.user, typed, owners=owners)
    return render(request, "grading/report.html", {"page": page}, status=status)
