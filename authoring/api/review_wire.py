"""What the review of a task looks like over REST."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from authoring.access import TaskLook
from authoring.api.revision_wire import RevisionOut
from authoring.models import ReviewEvent, Revision
from authoring.reviewing.checklist import LONGEST, QUESTIONS
from authoring.reviewing.judging import Standing
from authoring.reviewing.people import may_judge
from authoring.reviewing.submission import LONGEST_NOTE
from simulation.rest.bodies import Body

MAX_NUMBER = 999_999_999


class ReviewEventOut(serializers.ModelSerializer[ReviewEvent]):
    revision = serializers.IntegerField(source="revision.number")
    actor = serializers.CharField(source="actor.username")

    class Meta:
        model = ReviewEvent
        fields = ("revision", "action", "actor", "comment", "created_at")


class TickOut(serializers.Serializer[Any]):
    """A criterion of the revision. has_fallen: it was ticked and changed since."""

    criterion = serializers.CharField()
    is_ticked = serializers.BooleanField()
    has_fallen = serializers.BooleanField()


class QuestionOut(serializers.Serializer[Any]):
    """A question of the checklist; is_fine is null until it is answered."""

    question = serializers.CharField()
    text = serializers.CharField()
    hint = serializers.CharField()
    is_fine = serializers.BooleanField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class StandingOut(serializers.Serializer[Any]):
    """How far you are with a revision. reasons: all that stands against your approval."""

    reasons = serializers.ListField(child=serializers.CharField())
    ticks = TickOut(many=True)
    checklist = QuestionOut(many=True)
    has_seen_reference = serializers.BooleanField()
    open_threads = serializers.IntegerField()


class ReviewOut(serializers.Serializer[Any]):
    """Where a task stands in review: revision is null when nothing was handed in.

    mine is how far you are, null where the revision does not wait for you.
    """

    task = serializers.CharField()
    revision = RevisionOut(allow_null=True)
    reviewer = serializers.CharField(allow_null=True)
    mine = StandingOut(allow_null=True)
    events = ReviewEventOut(many=True)


class NoteIn(Body):
    comment = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_NOTE
    )


class SubmitIn(NoteIn):
    reviewer = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=200, help_text="who is asked"
    )


class RevisionIn(Body):
    revision = serializers.IntegerField(
        min_value=1, max_value=MAX_NUMBER, help_text="number of the revision that you looked at"
    )


class JudgementIn(RevisionIn, NoteIn):
    """A word on the revision that was looked at."""


class TicksIn(RevisionIn):
    ticks = serializers.DictField(
        child=serializers.BooleanField(), help_text="by key of the criterion; false takes one back"
    )


class AnswerIn(Body):
    is_fine = serializers.BooleanField()
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST)


class ChecklistIn(RevisionIn):
    answers = serializers.DictField(child=AnswerIn(), help_text="by question")


def review_body(look: TaskLook, revision: Revision | None) -> dict[str, Any]:
    """Give the review of a task as ReviewOut shows it."""
    reviewer = look.task.reviewer
    events = ReviewEvent.objects.filter(revision__task=look.task)
    waits = revision is not None and may_judge(look.user, revision)
    return {
        "task": look.task.slug,
        "revision": revision,
        "reviewer": reviewer.get_username() if reviewer else None,
        "mine": _standing(Standing(revision, look.user)) if revision and waits else None,
        "events": events.select_related("actor", "revision").defer("revision__content"),
    }


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "reasons": [reason.text for reason in standing.reasons],
        "ticks": list(_ticks(standing)),
        "checklist": list(_questions(standing)),
        "has_seen_reference": standing.reveal is not None,
        "open_threads": standing.open_threads,
    }


def _ticks(standing: Standing) -> Iterable[dict[str, Any]]:
    for criterion in standing.revision.draft_value.rubric.criteria:
        ticked = standing.ticks.get(criterion.key)
        yield {
            "criterion": criterion.key,
            "is_ticked": ticked == criterion.hash,
            "has_fallen": ticked is not None and ticked != criterion.hash,
        }


def _questions(standing: Standing) -> Iterable[dict[str, Any]]:
    for question in QUESTIONS:
        answer = standing.answers.get(question.key)
        yield {
            "question": question.key,
            "text": question.text,
            "hint": question.hint,
            "is_fine": answer.is_fine if answer else None,
            "note": answer.note if answer else "",
        }
