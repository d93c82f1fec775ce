"""What revisions look like over REST, and what differs between two."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from authoring.access import TaskLook
from authoring.api.shown import hidden_fields, shown_content
from authoring.history.differences import Comparison
from authoring.history.revisions import LONGEST_NAME
from authoring.models import Revision
from simulation.rest.bodies import Body
from simulation.rest.queries import Query, text


class RevisionOut(serializers.ModelSerializer[Revision]):
    """One revision; only its state and its name still move."""

    author = serializers.CharField(source="author.username")

    class Meta:
        model = Revision
        fields = ("number", "name", "state", "cause", "hash", "author", "created_at")


class RevisionDetailOut(RevisionOut):
    content = serializers.DictField()
    hidden = serializers.ListField(child=serializers.CharField())

    class Meta(RevisionOut.Meta):
        fields = (*RevisionOut.Meta.fields, "content", "hidden")  # type: ignore[assignment]


class NameIn(Body):
    name = serializers.CharField(max_length=LONGEST_NAME)


class FromQuery(Query):
    """from: the number of an older revision, or draft; without it the one before."""

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": text("a number, or draft; else the one before")}


class DifferencesOut(serializers.Serializer[Any]):
    """What differs between two states of a task: only parts that do."""

    before = serializers.CharField(help_text="the number of a revision, or draft")
    after = serializers.CharField()
    summary = serializers.CharField()
    parts = serializers.ListField(child=serializers.DictField())
    hidden = serializers.ListField(child=serializers.CharField())


def revision_body(look: TaskLook, revision: Revision) -> dict[str, Any]:
    """Give a revision with its content as RevisionDetailOut shows it."""
    content = shown_content(look, revision.draft_value)
    return {**RevisionOut(revision).data, "content": content, "hidden": list(hidden_fields(look))}


def differences_body(
    look: TaskLook, before: str, after: str, comparison: Comparison
) -> dict[str, Any]:
    return {
        "before": before,
        "after": after,
        "summary": comparison.summary,
        "parts": [asdict(part) for part in comparison.parts],
        "hidden": hidden_fields(look),
    }
