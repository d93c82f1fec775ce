"""The rounds of a task's review: every revision that was handed in, and what each is compared
with."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from authoring.models import Revision, Task

State = Revision.State
CHANGES, LAST, ALL = "changes", "last", "all"


@dataclass(frozen=True)
class Rounds:
    """revision: the one that is looked at. revisions: all that were handed in, the newest first."""

    revision: Revision
    revisions: Sequence[Revision]
    approved: Revision | None
    last: Revision | None

    def base(self, show: str) -> Revision | None:
        """Give what is compared with; None shows everything."""
        return {CHANGES: self.approved, LAST: self.last}.get(show)

    def show(self, asked: str) -> str:
        """Give what is shown: what was asked for, if there is such a thing, else the news."""
        there_are = [name for name in (CHANGES, LAST) if self.base(name)]
        return asked if asked in (*there_are, ALL) else (*there_are, ALL)[0]


def rounds_of(task: Task, number: int | None) -> Rounds | None:
    """Give the revision of that number, else the one that waits, else the newest handed in; None
    when none ever was. Raises Http404 for a number that was not handed in."""
    handed_in = task.revisions.exclude(state=State.SAVED)
    revisions = list(handed_in.defer("content").select_related("author"))
    for revision in revisions:
        revision.task = task
    if number is None:
        waiting = (each for each in revisions if each.state == State.IN_REVIEW)
        chosen = next(waiting, revisions[0] if revisions else None)
    else:
        chosen = next((each for each in revisions if each.number == number), None)
        if chosen is None:
            raise Http404
    if chosen is None:
        return None
    before = [each for each in revisions if each.number < chosen.number]
    approved = _newest(before, State.APPROVED, State.SUPERSEDED)
    others = [each for each in before if approved is None or each.number > approved.number]
    return Rounds(
        revision=chosen,
        revisions=revisions,
        approved=approved,
        last=_newest(others, State.CHANGES_REQUESTED, State.WITHDRAWN),
    )


def _newest(revisions: Sequence[Revision], *states: str) -> Revision | None:
    return next((each for each in revisions if each.state in states), None)
