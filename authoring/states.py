"""Where a task stands, in a word: derived from its revisions and its draft, stored nowhere."""

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
    """Give a key of MARKS. What waits for somebody counts before what is finished."""
    if task.is_retired:
        return "retired"
    live = task.revisions.filter(state__in=_LIVE).order_by("number")
    newest = dict(live.values_list("state", "number"))
    return _state(newest, is_ahead=draft is not None and draft.is_ahead)


def _state(newest: dict[str, int], *, is_ahead: bool) -> str:
    """newest: the highest number of a revision in each state."""
    if Revision.State.IN_REVIEW in newest:
        return "in_review"
    approved = newest.get(Revision.State.APPROVED, 0)
    if newest.get(Revision.State.CHANGES_REQUESTED, 0) > approved:
        return "changes_requested"
    if approved:
        return "ahead" if is_ahead else "approved"
    return "draft"
