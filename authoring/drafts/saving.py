"""Saving drafts. Each edit says what it saw of its part; what somebody else changed since is a
conflict, and then nothing of the whole save is written."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from authoring.content import DraftContent, DraftCriterion, DraftRubric, read_draft
from authoring.drafts.cutting import freeze
from authoring.drafts.document import Document, fingerprint, read_part, with_part
from authoring.drafts.scene import Scene, scene_of
from authoring.lint import counts_of, lint
from authoring.models import Draft, Revision, Task
from grading.graders import read_check
from simulation.errors import Conflict, GymError, NotFound
from simulation.state import WorldState
from simulation.text import clean_json

SESSION = dt.timedelta(minutes=15)  # without a save, and an editing session is over
_BOUND_TO = ("world", "setup", "max_results", "rubric")  # what the results of queries rest on


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One part of a draft as it shall be. base: the fingerprint of the part that was seen."""

    path: str
    value: Any
    base: str


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A part that two people changed: what was to be saved, and what is there now."""

    path: str
    mine: Any
    theirs: Any


class DraftConflict(Conflict):
    """Somebody else changed parts that were to be saved; nothing was."""

    def __init__(self, edits: Sequence[Edit], clashes: Sequence[Clash], draft: Draft) -> None:
        names = ", ".join(clash.path for clash in clashes)
        who = draft.updated_by.get_username()
        super().__init__(f"{who} changed {names} meanwhile: nothing was saved, compare both")
        self.edits, self.clashes, self.draft = tuple(edits), tuple(clashes), draft

    def as_json(self) -> dict[str, Any]:
        """Give both sides of each clash; base is what an edit that saw theirs says."""
        body = super().as_json()
        body["error"]["version"] = self.draft.version
        body["error"]["clashes"] = [
            {
                "path": clash.path,
                "mine": clash.mine,
                "theirs": clash.theirs,
                "base": fingerprint(clash.theirs),
            }
            for clash in self.clashes
        ]
        return body


@transaction.atomic
def save(task: Task, edits: Sequence[Edit], *, by: User) -> Draft:
    """Save parts of a draft.

    Raises DraftConflict when somebody else changed one of them to something else, Problems for
    values of a wrong type, InvalidArgument for a path of no part.
    """
    draft = _hold(task)
    now = {edit.path: read_part(draft.content, edit.path) for edit in edits}
    clashes = [
        Clash(path=edit.path, mine=edit.value, theirs=now[edit.path])
        for edit in edits
        if edit.base != fingerprint(now[edit.path]) and edit.value != now[edit.path]
    ]
    if clashes:
        raise DraftConflict(edits, clashes, draft)
    document = draft.content
    for edit in edits:
        document = with_part(document, edit.path, edit.value)
    return _store(draft, document, by)


@transaction.atomic
def change(
    task: Task,
    do: Callable[[Document], Document],
    *,
    by: User,
    check: Callable[[Draft], None] = lambda draft: None,
) -> Draft:
    """Change the shape of a draft: add, move, split, remove.

    do: gets the document as it is now and gives a changed copy; it raises GymError, Conflict for
    one, where what it is about is not there any more. check: raises GymError where the draft is not
    what it has to be.
    """
    draft = _hold(task)
    check(draft)
    return _store(draft, do(draft.content), by)


@transaction.atomic
def replace_draft(task: Task, document: Document, *, by: User) -> Draft:
    """Make a document the whole draft, whatever it was; for a new task its first draft."""
    data = read_draft(clean_json(document)).model_dump(mode="json")
    _, is_new = Draft.objects.get_or_create(
        task=task, defaults={"content": data, "updated_by": by, "is_ahead": True}
    )
    return _store(_hold(task), data, by, is_new=is_new)


def _hold(task: Task) -> Draft:
    """Lock a draft until the end of the transaction. Raises Conflict for a retired task."""
    if task.is_retired:
        raise Conflict(f"{task} is retired: nobody changes it any more")
    held = Draft.objects.select_for_update(of=("self",)).select_related("updated_by")
    draft = held.filter(task=task).first()
    if draft is None:
        raise NotFound(f"{task} has no draft")
    draft.content = draft.value.model_dump(mode="json")  # with fields that came after it was saved
    return draft


def _store(draft: Draft, document: Document, by: User, *, is_new: bool = False) -> Draft:
    content = _rebound(draft, read_draft(clean_json(document)), is_new=is_new)
    data = content.model_dump(mode="json")
    if data == draft.content and not is_new:
        return draft
    if not is_new:
        _end_session(draft, by)
        draft.version += 1
    draft.content, draft.hash, draft.updated_by = data, content.hash, by
    newest = draft.task.revisions.only("hash").first()
    draft.is_ahead = newest is None or newest.hash != content.hash
    draft.findings = counts_of(draft.task, lint(scene_of(content)))
    draft.save()
    return draft


def _end_session(draft: Draft, by: User) -> None:
    """Keep what the last session left: another person writes on, or the same one much later."""
    is_over = draft.updated_at < timezone.now() - SESSION
    if draft.is_ahead and (is_over or draft.updated_by_id != by.pk):
        freeze(draft, draft.value, by=draft.updated_by, cause=Revision.Cause.SESSION)


def _rebound(draft: Draft, content: DraftContent, *, is_new: bool) -> DraftContent:
    """Fill in the results of the rubric's queries anew, where that is possible."""
    dumped = content.model_dump(mode="json", include=set(_BOUND_TO))
    if not is_new and all(dumped[name] == draft.content[name] for name in _BOUND_TO):
        return content
    scene = scene_of(content)
    if scene.ready is None:
        return content
    criteria = tuple(_bound(each, scene) for each in content.rubric.criteria)
    return content.model_copy(update={"rubric": DraftRubric(criteria=criteria)})


def _bound(criterion: DraftCriterion, scene: Scene) -> DraftCriterion:
    ready = scene.ready
    if ready is None or not criterion.kind:
        return criterion
    return criterion.model_copy(update={"check": _bound_check(criterion, ready)})


def _bound_check(criterion: DraftCriterion, ready: WorldState) -> dict[str, Any]:
    """Give a check with the results of its queries; as it is where they cannot be had yet."""
    try:
        return read_check(criterion.check).bound(ready).as_data()
    except (GymError, ValueError, TimeoutError):
        return criterion.check
