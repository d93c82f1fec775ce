"""What people do about findings: mend the text, keep them for a reason, take that back."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from authoring.content import DraftContent, read_draft
from authoring.drafts.document import Document, new_key, with_part
from authoring.drafts.saving import change
from authoring.drafts.scene import scene_of
from authoring.lint import Finding, Rewrite, Severity, counts_of, lint
from authoring.lint.episodes import lint_task
from authoring.models import Draft, KeptFinding, Task
from simulation.errors import Conflict, InvalidArgument
from simulation.text import clean_text

GONE = "That finding is not there any more: the text was changed meanwhile"
MAX_REASON = 2000


def findings_of(task: Task, content: DraftContent) -> list[Finding]:
    """Give all that lint finds, with what needs the database."""
    return [*lint(scene_of(content)), *lint_task(task)]


def apply_rewrite(task: Task, fingerprint: str, *, by: User) -> Finding:
    """Change the draft as a finding proposes, and give that finding.

    Raises Conflict when it is not found any more, Problems when what it proposes does not fit.
    """
    applied: list[Finding] = []

    def do(document: Document) -> Document:
        finding = _find(lint(scene_of(read_draft(document))), fingerprint)
        if finding.rewrite is None or not finding.rewrite.path:
            raise Conflict("There is nothing that this finding proposes")
        applied.append(finding)
        return rewritten(document, finding.rewrite)

    change(task, do, by=by)
    return applied[-1]


def rewritten(document: Document, rewrite: Rewrite) -> Document:
    """Copy a document as a rewrite would have it."""
    if not rewrite.values:
        return with_part(document, rewrite.path, rewrite.value)
    key = rewrite.path.partition("/")[2]
    criteria = document["rubric"]["criteria"]
    place = next((n for n, each in enumerate(criteria) if each["key"] == key), None)
    if place is None:
        raise Conflict(GONE)
    rest = [each for each in criteria if each["key"] != key]
    made: list[dict[str, Any]] = []
    for number, value in enumerate(rewrite.values):
        known = {"rubric": {"criteria": [*rest, *made]}}
        own = key if number == 0 else _key_of(known, value)
        made.append({**value, "key": own})
    rubric = {**document["rubric"], "criteria": [*rest[:place], *made, *rest[place:]]}
    return {**document, "rubric": rubric}


def _key_of(document: Document, value: Any) -> str:
    taken = {each["key"] for each in document["rubric"]["criteria"]}
    given = str(value.get("key", ""))
    return given if given and given not in taken else new_key(document, str(value.get("text", "")))


@transaction.atomic
def keep(task: Task, fingerprint: str, *, reason: str, by: User) -> Finding:
    """Say why a finding stays. Whoever says it first is named.

    Raises InvalidArgument without a reason, Conflict for a finding that is not there any more or
    is an error.
    """
    said, _ = clean_text(reason.strip(), limit=MAX_REASON)
    if not said:
        raise InvalidArgument("say why it stays: the reviewer reads it", field="reason")
    findings = _held(task)
    finding = _find(findings, fingerprint)
    if finding.severity == Severity.ERROR:
        raise Conflict("An error is mended, not kept")
    KeptFinding.objects.get_or_create(
        task=task,
        fingerprint=fingerprint,
        defaults={"rule": finding.rule, "place": finding.place, "reason": said, "kept_by": by},
    )
    _count(task, findings)
    return finding


@transaction.atomic
def drop(task: Task, fingerprint: str) -> bool:
    """Take back that a finding stays. False when nobody kept it."""
    findings = _held(task)
    dropped, _ = KeptFinding.objects.filter(task=task, fingerprint=fingerprint).delete()
    _count(task, findings)
    return bool(dropped)


def _held(task: Task) -> list[Finding]:
    """Lock the draft and give what lint finds in it."""
    draft = Draft.objects.select_for_update().get(task=task)
    return findings_of(task, draft.value)


def _count(task: Task, findings: Sequence[Finding]) -> None:
    """Note on the draft how many findings are open, as every save does."""
    counted = [finding for finding in findings if finding.rule != "R12"]
    Draft.objects.filter(task=task).update(findings=counts_of(task, counted))


def _find(findings: Sequence[Finding], fingerprint: str) -> Finding:
    found = next((each for each in findings if each.fingerprint == fingerprint), None)
    if found is None:
        raise Conflict(GONE)
    return found
