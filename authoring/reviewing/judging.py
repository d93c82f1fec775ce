"""A reviewer's word on a revision: approve it, ask for changes, see its reference."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from authoring import review
from authoring.gates import approval_problems
from authoring.inbox.telling import tell
from authoring.models import ChecklistAnswer, Comment, InboxItem, Reveal, Revision
from authoring.packs.facts import keep_facts
from authoring.reviewing.addresses import todo
from authoring.reviewing.checklist import QUESTIONS, answers_of
from authoring.reviewing.people import may_judge
from authoring.reviewing.submission import read_note
from authoring.reviewing.ticks import count_ticked, ticks_of
from simulation.errors import Conflict, Problems
from simulation.wording import counted
from simulation.worlds import find_world


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """target: the id of the place on the page where it is mended."""

    text: str
    target: str


@dataclass(frozen=True)
class Standing:
    """How far a reviewer is with a revision, and what stands against their approval."""

    revision: Revision
    reviewer: User

    @cached_property
    def gates(self) -> tuple[str, ...]:
        return tuple(approval_problems(self.revision))

    @cached_property
    def ticks(self) -> dict[str, str]:
        return ticks_of(self.revision.task, self.reviewer)

    @cached_property
    def answers(self) -> dict[str, ChecklistAnswer]:
        return answers_of(self.revision, self.reviewer)

    @cached_property
    def reveal(self) -> Reveal | None:
        seen = Reveal.objects.filter(revision=self.revision, reviewer=self.reviewer)
        return seen.first()

    @cached_property
    def open_threads(self) -> int:
        return Comment.objects.filter(
            task=self.revision.task_id, parent__isnull=True, resolved_at__isnull=True
        ).count()

    @cached_property
    def ticked(self) -> int:
        return count_ticked(self.ticks, self.revision.draft_value.rubric.criteria)

    @cached_property
    def criteria(self) -> int:
        return len(self.revision.draft_value.rubric.criteria)

    @cached_property
    def unticked(self) -> int:
        return self.criteria - self.ticked

    @cached_property
    def unanswered(self) -> int:
        return len(QUESTIONS) - len(self.answers)

    @cached_property
    def not_fine(self) -> int:
        return sum(not answer.is_fine for answer in self.answers.values())

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Say why this person cannot approve, what is quickest to mend last."""
        return tuple(_reasons(self))


def _reasons(standing: Standing) -> Iterator[Reason]:
    for problem in standing.gates:
        yield Reason(text=problem, target="gates")
    if standing.unticked:
        said = counted(standing.unticked, "criterion is", "criteria are")
        yield Reason(text=f"{said} not ticked", target="criteria")
    if standing.unanswered:
        said = counted(standing.unanswered, "question")
        yield Reason(text=f"{said} of the checklist open", target="checklist")
    if standing.not_fine:
        said = counted(standing.not_fine, "question")
        yield Reason(text=f"{said} of the checklist answered with “not fine”", target="checklist")
    if standing.reveal is None:
        yield Reason(text="you have not seen the reference yet", target="reference")
    if standing.open_threads:
        said = counted(standing.open_threads, "thread is", "threads are")
        yield Reason(text=f"{said} not resolved", target="threads")


@transaction.atomic
def approve(revision: Revision, *, by: User, note: str = "") -> Revision:
    """Approve a revision as the page of review does: everything was looked at, all gates hold.

    Raises Problems that name what stands against it, Conflict, Forbidden.
    """
    if may_judge(by, revision):
        reasons = Standing(revision, by).reasons
        if reasons:
            raise Problems([reason.text for reason in reasons])
    said = read_note(note)
    review.move(revision, "approve", actor=by, comment=said)
    task = revision.task
    text = said or f"Revision {revision.number} counts from now on."
    path = reverse("review:page", args=[task.slug])
    keep_facts(revision, find_world(revision.value.world))
    tell([task.owner, revision.author], InboxItem.Event.APPROVED, task, by=by, path=path, text=text)
    return revision


@transaction.atomic
def request_changes(revision: Revision, *, by: User, text: str = "") -> Revision:
    """Send a revision back with a list of what to do: open threads, and this text as one of them.

    Raises Problems where there would be nothing to do, Conflict, Forbidden.
    """
    said = read_note(text)
    if may_judge(by, revision) and not said and not _asks_for_something(revision, by):
        raise Problems(["text: say what to change, or comment on the places first"])
    review.move(revision, "request_changes", actor=by, comment=said)
    if said:
        Comment.objects.create(
            task=revision.task, revision=revision, place="task", body=said, author=by
        )
    told = [revision.task.owner, revision.author]
    event = InboxItem.Event.CHANGES_REQUESTED
    shown = said or f"What to do stands in the comments on revision {revision.number}."
    tell(told, event, revision.task, by=by, path=todo(revision.task.slug), text=shown)
    return revision


@transaction.atomic
def reveal(revision: Revision, *, by: User, calls: int = 0) -> Reveal:
    """Show a reviewer the reference. calls: how many they made themselves before.

    Raises Conflict when the revision does not wait for them.
    """
    if not may_judge(by, revision):
        raise Conflict(f"{revision} does not wait for your review any more.")
    seen, _ = Reveal.objects.get_or_create(
        revision=revision, reviewer=by, defaults={"calls": calls}
    )
    return seen


def _asks_for_something(revision: Revision, by: User) -> bool:
    """Tell whether this person has an open thread on the task."""
    return Comment.objects.filter(
        task=revision.task_id, author=by, parent__isnull=True, resolved_at__isnull=True
    ).exists()
