"""What a draft looks like over REST, and what is sent to change it."""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import serializers

from authoring.access import TaskLook
from authoring.api.shown import hidden_fields, shown_content
from authoring.api.task_wire import DraftStateOut, LintCountsOut, draft_state, lint_counts
from authoring.drafts.document import LISTS, fingerprint
from authoring.drafts.saving import Edit
from authoring.models import Draft
from simulation.errors import Problems
from simulation.rest.bodies import Body

MOST_EDITS = 500


class DraftOut(DraftStateOut):
    """A draft. fingerprints name the state of each part, by its path: an edit says by them which
    one it saw. absent is the fingerprint of a part that is not there yet."""

    task = serializers.CharField()
    content = serializers.DictField()
    hidden = serializers.ListField(child=serializers.CharField())
    lint = LintCountsOut(allow_null=True)
    fingerprints = serializers.DictField(child=serializers.CharField())
    absent = serializers.CharField()


class DraftIn(Body):
    content = serializers.DictField(help_text="all of it, finished or not")


class EditIn(Body):
    """path: a field such as prompt, or an item: rubric/KEY, setup/N, reference/N, near_misses/N.
    A value of null removes an item."""

    path = serializers.CharField(max_length=200)
    value = serializers.JSONField(allow_null=True)
    base = serializers.CharField(max_length=64, help_text="fingerprint of the part as you saw it")


class EditsIn(Body):
    edits = serializers.ListField(child=EditIn(), min_length=1, max_length=MOST_EDITS)


def draft_body(look: TaskLook, draft: Draft) -> dict[str, Any]:
    """Give a draft as DraftOut shows it."""
    content = shown_content(look, draft.value)
    return {
        "task": look.task.slug,
        **draft_state(draft),
        "content": content,
        "hidden": hidden_fields(look),
        "lint": lint_counts(draft.findings),
        "fingerprints": dict(_fingerprints(content)),
        "absent": fingerprint(None),
    }


def read_edits(sent: list[Mapping[str, Any]]) -> list[Edit]:
    """Read edits that can all be made. Raises Problems where they are about the same part."""
    edits = [Edit(**each) for each in sent]
    if problems := [*_problems(edits)]:
        raise Problems(problems)
    return edits


def _problems(edits: list[Edit]) -> Iterator[str]:
    paths = [edit.path for edit in edits]
    for path in sorted({path for path in paths if paths.count(path) > 1}):
        yield f"edits: {path!r} is there twice; send one edit of each part"
    for edit in edits:
        name, _, item = edit.path.partition("/")
        if item and name in paths:
            yield f"edits: {edit.path!r} is a part of {name!r}; send one of them"
        if name == "rubric" and item and not isinstance(edit.value, Mapping | None):
            yield f"edits: {edit.path!r} is a criterion: write an object, or null to remove it"


def _fingerprints(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        yield name, fingerprint(value)
    for criterion in content.get("rubric", {}).get("criteria", ()):
        yield f"rubric/{criterion['key']}", fingerprint(criterion)
    for name in LISTS:
        for number, item in enumerate(content.get(name, ()), start=1):
            yield f"{name}/{number}", fingerprint(item)
