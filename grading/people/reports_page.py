"""What the list of task reports shows, and the page of one."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.urls import reverse

from grading.models import Rollout, TaskReport
from grading.people.pages import MoveForm, ReportPage, ReportRow, ReportsPage, TrailRow
from grading.people.reports import MOVES, lowest_fix, may_assign, moves_for
from grading.verdicts import criteria_of
from simulation.pages import Choice, Mark, Pager, shortened
from simulation.wording import counted

ROWS = 50
SHOWN_TEXT = 240
FILTERS = ("state", "fault", "task", "owner", "mine")
STATE_MARKS = {
    TaskReport.State.OPEN: "report-open",
    TaskReport.State.ACCEPTED: "report-accepted",
    TaskReport.State.REJECTED: "report-rejected",
    TaskReport.State.FIXED: "report-fixed",
}
DONE_WORDS = {
    "report": "reported it",
    "accept": "accepted it",
    "reject": "rejected it",
    "fix": "marked it as fixed",
    "reopen": "opened it again",
    "assign": "assigned it",
    "comment": "commented",
}


def report_row(report: TaskReport, *, is_whole: bool = False) -> ReportRow:
    return ReportRow(
        pk=report.pk,
        url=reverse("reports:report", args=[report.pk]),
        title=f"Report {report.pk}",
        fault=report.get_fault_display(),
        mark=_mark(report),
        text=report.text if is_whole else shortened(report.text, SHOWN_TEXT),
        task=report.rollout.subject,
        criterion=report.criterion_key,
        reporter=report.reporter.get_username(),
        owner=report.owner.get_username() if report.owner else "",
        when=report.created_at,
    )


def reports_page(user: User, filters: Mapping[str, str]) -> ReportsPage:
    """filters: state, fault, task, owner, mine and page, as they stand in the address."""
    visible = TaskReport.objects.visible_to(user)
    narrowed = _narrow(visible, filters, user)
    related = narrowed.select_related("reporter", "owner", "rollout")
    sheet = Paginator(related, ROWS).get_page(filters.get("page", 1))
    counts = _counts(_narrow(visible, {**filters, "state": ""}, user), "state")
    chosen = {name: filters[name] for name in FILTERS if filters.get(name)}
    return ReportsPage(
        rows=tuple(report_row(report) for report in sheet.object_list),
        count=counted(sheet.paginator.count, "report"),
        states=tuple(_states(counts, chosen)),
        faults=_choices("all faults", TaskReport.Fault.choices, chosen.get("fault")),
        tasks=_choices("all tasks", _names(visible, "task"), chosen.get("task")),
        owners=_choices("all owners", _names(visible, "owner__username"), chosen.get("owner")),
        is_mine=bool(chosen.get("mine")),
        is_filtered=bool(chosen),
        clear_url=reverse("reports:reports"),
        state=chosen.get("state", ""),
        pager=_pager(sheet, chosen),
    )


def report_page(
    report: TaskReport, user: User, typed: MoveForm | None = None, *, owners: tuple[Choice, ...]
) -> ReportPage:
    """typed: the move that was sent and refused."""
    rollout = report.rollout
    is_visible = Rollout.objects.visible_to(user).filter(pk=rollout.pk).exists()
    episode = reverse("grading:episode", args=[rollout.run_id, rollout.pk])
    anchor = f"#criterion-{report.criterion_key}" if report.criterion_key else ""
    comment = MoveForm(
        action="comment", label="Comment", needs_comment=True, needs_revision=False, lowest=0
    )
    moves = tuple(_move(report, action) for action in moves_for(report, user))
    return ReportPage(
        row=report_row(report, is_whole=True),
        fixed_in=f"revision {report.fixed_in}" if report.fixed_in else "",
        episode_url=f"{episode}{anchor}" if is_visible else "",
        criterion_text=_criterion_text(report),
        trail=tuple(_trail(report)),
        moves=tuple(_typed(move, typed) for move in moves),
        comment=_typed(comment, typed),
        owners=owners if may_assign(report, user) else (),
        move_url=reverse("reports:move", args=[report.pk]),
        problems=_problems(typed),
    )


def _mark(report: TaskReport) -> Mark:
    state = TaskReport.State(report.state)
    word = f"fixed in revision {report.fixed_in}" if report.fixed_in else str(state.label)
    return Mark(state=STATE_MARKS[state], word=word.lower())


def _narrow(reports: Any, filters: Mapping[str, str], user: User) -> Any:
    fields = {"state": "state", "fault": "fault", "task": "task", "owner": "owner__username"}
    for name, field in fields.items():
        if value := filters.get(name):
            reports = reports.filter(**{field: value})
    if filters.get("mine"):
        reports = reports.filter(Q(owner=user) | Q(reporter=user))
    return reports


def _counts(reports: Any, field: str) -> dict[str, int]:
    return dict(reports.order_by().values_list(field).annotate(Count("pk")))


def _names(reports: Any, field: str) -> list[tuple[str, str]]:
    names = reports.exclude(**{f"{field}__isnull": True}).order_by(field)
    return [(name, name) for name in names.values_list(field, flat=True).distinct()[:500]]


def _states(counts: Mapping[str, int], chosen: Mapping[str, str]) -> Iterable[Choice]:
    base = reverse("reports:reports")
    others = {name: value for name, value in chosen.items() if name != "state"}
    pairs = [("", "all"), *TaskReport.State.choices]
    for value, label in pairs:
        query = urlencode({**others, **({"state": value} if value else {})})
        count = counts.get(value, 0) if value else sum(counts.values())
        yield Choice(
            value=value,
            label=label.lower(),
            is_selected=value == chosen.get("state", ""),
            url=f"{base}?{query}" if query else base,
            count=str(count),
        )


def _choices(
    every: str, options: Iterable[tuple[str, str]], selected: str | None
) -> tuple[Choice, ...]:
    pairs = [("", every), *options]
    return tuple(
        Choice(value=value, label=label, is_selected=value == (selected or ""))
        for value, label in pairs
    )


def _pager(sheet: Any, chosen: Mapping[str, str]) -> Pager | None:
    if sheet.paginator.num_pages < 2:
        return None
    base = reverse("reports:reports")

    def url(number: int) -> str:
        return f"{base}?{urlencode({**chosen, 'page': number})}"

    return Pager(
        text=f"{sheet.start_index():,} to {sheet.end_index():,} of {sheet.paginator.count:,}",
        previous_url=url(sheet.previous_page_number()) if sheet.has_previous() else "",
        next_url=url(sheet.next_page_number()) if sheet.has_next() else "",
    )


def _trail(report: TaskReport) -> Iterable[TrailRow]:
    for event in report.events.select_related("actor").order_by("pk"):
        yield TrailRow(
            actor=event.actor.get_username(),
            words=DONE_WORDS.get(event.action, event.action),
            comment=event.comment,
            when=event.created_at,
        )


def _move(report: TaskReport, action: str) -> MoveForm:
    return MoveForm(
        action=action,
        label=MOVES[action].label,
        needs_comment=MOVES[action].needs_comment,
        needs_revision=action == "fix",
        lowest=lowest_fix(report),
    )


def _typed(move: MoveForm, typed: MoveForm | None) -> MoveForm:
    """Give the form with what was typed into it, where it is the one that was sent."""
    if typed is None or typed.action != move.action:
        return move
    return MoveForm(
        action=move.action,
        label=move.label,
        needs_comment=move.needs_comment,
        needs_revision=move.needs_revision,
        lowest=move.lowest,
        comment=typed.comment,
        fixed_in=typed.fixed_in,
        is_open=True,
        problems=typed.problems,
    )


def _problems(typed: MoveForm | None) -> tuple[Choice, ...]:
    if typed is None:
        return ()
    return tuple(
        Choice(value=f"{typed.action}-{name}" if name else "", label=words)
        for name, words in typed.problems.items()
    )


def _criterion_text(report: TaskReport) -> str:
    """Find the wording under which a criterion was reported, in the newest rubric that has it."""
    if not report.criterion_key:
        return ""
    rubrics = report.rollout.assessments.order_by("-pk").values_list("rubric_id", flat=True)
    criteria = (c for rubric in rubrics for c in criteria_of(rubric))
    return next((c.text for c in criteria if c.key == report.criterion_key), "")
