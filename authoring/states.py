"""Where a task stands, in a word: derived from its revisions and its draft, stored nowhere.

Once for one task, once as SQL for many; tests hold them against each other.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from authoring.models import Draft, Revision, Task
from simulation.pages import Mark

MARKS = {
    "retired": Mark(state="cancelled", word="retired"),
    "in_review": Mark(state="running", word="in review"),
    "changes_requested": Mark(state="incomplete", word="changes requested"),
    "ahead": Mark(state="queued", word="draft ahead"),
    "approved": Mark(state="pass", word="approved"),
    "draft": Mark(state="ended", word="draft"),
}
_LIVE = (
    Revision.State.IN_REVIEW,
    Revision.State.CHANGES_REQUESTED,
    Revision.State.APPROVED,
)


def state_of(task: Task, draft: Draft | None) -> str:
    """Give a key of MARKS. What waits for somebody counts before what is finished.

    draft: None for somebody who does not see it; to them a task is approved, or retired.
    """
    if task.is_retired:
        return "retired"
    if draft is None:
        return "approved"
    live = task.revisions.filter(state__in=_LIVE).order_by("number")
    newest = {state: (number, hash_) for state, number, hash_ in live.values_list(*_COLUMNS)}
    return _state(newest, draft)


def with_state(tasks: QuerySet[Any], *, unseen: Q | None = None) -> QuerySet[Any]:
    """Annotate `state`, a key of MARKS, as state_of gives it.

    unseen: the tasks whose draft the person does not see.
    """
    sent_back = Revision.objects.filter(
        task=OuterRef("pk"),
        state=Revision.State.CHANGES_REQUESTED,
        number__gt=Coalesce(OuterRef("approved_revision__number"), 0),
    )
    is_approved = Q(approved_revision__isnull=False)
    is_ahead = Q(draft__is_ahead=True) | (
        ~Q(draft__hash="") & ~Q(draft__hash=F("approved_revision__hash"))
    )
    hidden = [] if unseen is None else [When(unseen, then=Value("approved"))]
    known: QuerySet[Any] = tasks.alias(
        approved_revision=_only(Revision.State.APPROVED),
        waiting_revision=_only(Revision.State.IN_REVIEW),
    )
    found: QuerySet[Any] = known.annotate(
        state=Case(
            When(is_retired=True, then=Value("retired")),
            *hidden,
            When(waiting_revision__isnull=False, then=Value("in_review")),
            When(Exists(sent_back), then=Value("changes_requested")),
            When(is_approved & is_ahead, then=Value("ahead")),
            When(is_approved, then=Value("approved")),
            default=Value("draft"),
            output_field=CharField(),
        )
    )
    return found


_COLUMNS = ("state", "number", "hash")


def _state(newest: Mapping[str, tuple[int, str]], draft: Draft) -> str:
    """newest: number and hash of the newest revision in each state."""
    if Revision.State.IN_REVIEW in newest:
        return "in_review"
    approved, approved_hash = newest.get(Revision.State.APPROVED, (0, ""))
    asked, _ = newest.get(Revision.State.CHANGES_REQUESTED, (0, ""))
    if asked > approved:
        return "changes_requested"
    if approved:
        is_ahead = draft.is_ahead or (draft.hash and draft.hash != approved_hash)
        return "ahead" if is_ahead else "approved"
    return "draft"


def _only(state: str) -> FilteredRelation:
    """Join the revision of a task in a state that at most one is in."""
    return FilteredRelation("revisions", condition=Q(revisions__state=state))
