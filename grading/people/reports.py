"""Task reports: not the agent is wrong but the task, its rubric, or one of us."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from grading.models import Rollout, TaskReport, TaskReportEvent
from grading.people.access import check_speaks
from grading.verdicts import REASON_LIMIT, criteria_of
from simulation.errors import Conflict, Forbidden, Problems
from simulation.roles import ADMIN, ANALYST, AUTHOR, REVIEWER, has_role
from simulation.text import clean_text

State = TaskReport.State
Fault = TaskReport.Fault
CARERS = (AUTHOR, REVIEWER, ANALYST, ADMIN)  # who may be made the owner of a report
HIGHEST_REVISION = 1_000_000


@dataclass(frozen=True)
class Move:
    """From where to where, and whose it is: that of the roles, of the owner, or of the reporter."""

    sources: frozenset[str]
    target: str
    label: str
    roles: tuple[str, ...] = (REVIEWER, ADMIN)
    is_owners: bool = True
    is_reporters: bool = False
    needs_comment: bool = False


MOVES: dict[str, Move] = {
    "accept": Move(frozenset({State.OPEN}), State.ACCEPTED, "Accept"),
    "reject": Move(
        frozenset({State.OPEN, State.ACCEPTED}),
        State.REJECTED,
        "Reject",
        is_reporters=True,
        needs_comment=True,
    ),
    "fix": Move(frozenset({State.OPEN, State.ACCEPTED}), State.FIXED, "Mark as fixed"),
    "reopen": Move(
        frozenset({State.REJECTED, State.FIXED}),
        State.OPEN,
        "Open again",
        is_reporters=True,
        needs_comment=True,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What somebody says is wrong. criterion: the key of the one it is about, "" for none."""

    fault: str
    text: str
    criterion: str = ""
    owner: User | None = None

    def problems(self, rollout: Rollout) -> Iterator[str]:
        if self.fault not in Fault.values:
            yield f"fault: choose one of {', '.join(Fault.values)}"
        if not self.text.strip():
            yield "text: say what is wrong and what would be right"
        elif len(self.text) > REASON_LIMIT:
            yield f"text: write at most {REASON_LIMIT:,} characters, not {len(self.text):,}"
        if self.criterion and self.criterion not in _keys_of(rollout):
            yield f"criterion: no rubric of this attempt has a criterion {self.criterion!r}"
        if self.owner and not has_role(self.owner, *CARERS):
            yield f"owner: {self.owner} has no role that deals with reports"


@transaction.atomic
def report_task(rollout_id: int, complaint: Complaint, *, reporter: User) -> TaskReport:
    """Store a report. The same one again, while it is open, gives the one that there is.

    Raises Forbidden, Problems that begin with the field.
    """
    rollout = (
        Rollout.objects.select_for_update(of=("self",)).select_related("run").get(pk=rollout_id)
    )
    check_speaks(reporter, rollout)
    if problems := list(complaint.problems(rollout)):
        raise Problems(problems)
    values = {
        "rollout": rollout,
        "task": rollout.task[:80],
        "criterion_key": complaint.criterion,
        "fault": complaint.fault,
        "text": clean_text(complaint.text.strip())[0],
        "reporter": reporter,
    }
    if known := TaskReport.objects.filter(**values, state=State.OPEN).first():
        return known
    report = TaskReport.objects.create(**values, owner=complaint.owner)
    TaskReportEvent.objects.create(report=report, actor=reporter, action="report")
    return report


@transaction.atomic
def move_report(
    report: TaskReport, action: str, *, actor: User, comment: str = "", fixed_in: int | None = None
) -> TaskReport:
    """Make one move and record it. fixed_in: the revision that repairs the task, for `fix` alone.

    Raises Conflict when the report is not where the move starts, Forbidden when the move is not
    this person's, Problems that begin with the field, KeyError for a move there is none of.
    """
    step = MOVES[action]
    if not may_move(report, action, actor):
        raise Forbidden(f"to {action} this report is for {_whose(step)}")
    if problems := list(_problems(report, action, comment, fixed_in)):
        raise Problems(problems)
    moved = TaskReport.objects.filter(pk=report.pk, state__in=step.sources).update(
        state=step.target, fixed_in=fixed_in if action == "fix" else None
    )
    if not moved:
        now = TaskReport.objects.get(pk=report.pk)
        raise Conflict(f"the report is {now.state} by now: look at it again")
    _record(report, actor, action, comment)
    report.refresh_from_db(fields=["state", "fixed_in"])
    return report


@transaction.atomic
def comment_on(report: TaskReport, *, actor: User, comment: str) -> TaskReportEvent:
    """Add to the trail without a move. Raises Problems for an empty or too long comment."""
    if not comment.strip():
        raise Problems(["comment: write something"])
    if problems := list(_too_long(comment)):
        raise Problems(problems)
    return _record(report, actor, "comment", comment)


@transaction.atomic
def assign_report(report: TaskReport, owner: User | None, *, actor: User) -> TaskReport:
    """Say who deals with a report, None for nobody. Raises Forbidden, Problems."""
    if not may_assign(report, actor):
        raise Forbidden("a report is assigned by its owner, its reporter, reviewers and admins")
    if owner and not has_role(owner, *CARERS):
        raise Problems([f"owner: {owner} has no role that deals with reports"])
    changed = TaskReport.objects.filter(pk=report.pk).exclude(owner=owner)
    if owner is None:
        changed = TaskReport.objects.filter(pk=report.pk, owner__isnull=False)
    if changed.update(owner=owner):
        _record(report, actor, "assign", f"to {owner or 'nobody'}")
    report.owner = owner
    return report


def may_move(report: TaskReport, action: str, user: User) -> bool:
    """Tell whether a move is this person's, wherever the report stands."""
    step = MOVES[action]
    is_own = step.is_owners and report.owner_id == user.pk
    is_reporters = step.is_reporters and report.reporter_id == user.pk
    return is_own or is_reporters or has_role(user, *step.roles)


def may_assign(report: TaskReport, user: User) -> bool:
    return user.pk in (report.owner_id, report.reporter_id) or has_role(user, REVIEWER, ADMIN)


def moves_for(report: TaskReport, user: User) -> list[str]:
    """Name the moves that this person can make now."""
    return [
        action
        for action, step in MOVES.items()
        if report.state in step.sources and may_move(report, action, user)
    ]


def reported_revision(rollout: Rollout) -> int:
    """Give the revision of the task that was attempted, 0 when its subject names none."""
    number = rollout.subject.rpartition("@")[2]
    return int(number) if number.isascii() and number.isdecimal() else 0


def lowest_fix(report: TaskReport) -> int:
    """Give the lowest revision that can be the repair: a later one, where the task is at fault."""
    is_in_task = report.fault in (Fault.TASK, Fault.RUBRIC)
    return max(1, reported_revision(report.rollout) + is_in_task)


def _problems(report: TaskReport, action: str, comment: str, fixed_in: int | None) -> Iterator[str]:
    if MOVES[action].needs_comment and not comment.strip():
        yield f"comment: say why you {action} it"
    yield from _too_long(comment)
    if action == "fix" and not (fixed_in and lowest_fix(report) <= fixed_in <= HIGHEST_REVISION):
        yield f"fixed_in: name the revision that repairs it, {lowest_fix(report)} or later"
    if action != "fix" and fixed_in is not None:
        yield "fixed_in: only a fix names a revision"


def _too_long(comment: str) -> Iterator[str]:
    if len(comment) > REASON_LIMIT:
        yield f"comment: write at most {REASON_LIMIT:,} characters"


def _keys_of(rollout: Rollout) -> Iterable[str]:
    rubrics = rollout.assessments.values_list("rubric_id", flat=True)
    return {criterion.key for rubric in rubrics for criterion in criteria_of(rubric)}


def _record(report: TaskReport, actor: User, action: str, comment: str) -> TaskReportEvent:
    text = clean_text(comment.strip())[0]
    return TaskReportEvent.objects.create(report=report, actor=actor, action=action, comment=text)


def _whose(step: Move) -> str:
    people = ["its owner"] * step.is_owners + ["its reporter"] * step.is_reporters
    return " or ".join([*people, *step.roles])
