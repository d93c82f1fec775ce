"""What people say, as JSON: in and out."""

from rest_framework import serializers

from grading.models import FailureNote, TaskReport, TaskReportEvent
from grading.people.reports import MOVES
from simulation.rest.bodies import Body


class EvidenceIn(Body):
    step = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    quote = serializers.CharField(default="", allow_blank=True, trim_whitespace=False)


class VerdictIn(Body):
    """A verdict of your own, or `agree` with the one that counts (`seen` is its id)."""

    criterion = serializers.CharField()
    agree = serializers.BooleanField(default=False)
    seen = serializers.IntegerField(required=False, allow_null=True)
    outcome = serializers.CharField(default="", allow_blank=True)
    reason = serializers.CharField(default="", allow_blank=True)
    evidence = EvidenceIn(many=True, default=list)
    authoritative = serializers.BooleanField(default=False)


class WithdrawalIn(Body):
    reason = serializers.CharField(default="", allow_blank=True)


class FailureNoteIn(Body):
    level = serializers.IntegerField()
    kind = serializers.CharField()
    first_step = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    text = serializers.CharField(default="", allow_blank=True)


class FailureNoteOut(serializers.ModelSerializer[FailureNote]):
    author = serializers.CharField(source="author.username")

    class Meta:
        model = FailureNote
        fields = ("id", "rollout", "author", "level", "kind", "first_step", "text", "created_at")


class TaskReportIn(Body):
    fault = serializers.CharField()
    text = serializers.CharField()
    criterion = serializers.CharField(default="", allow_blank=True)
    owner = serializers.CharField(default="", allow_blank=True, help_text="user name")


class TaskReportOut(serializers.ModelSerializer[TaskReport]):
    reporter = serializers.CharField(source="reporter.username")
    owner = serializers.CharField(source="owner.username", default=None, allow_null=True)
    subject = serializers.CharField(source="rollout.subject")

    class Meta:
        model = TaskReport
        fields = (
            "id", "rollout", "subject", "task", "criterion_key", "fault", "text", "reporter",
            "owner", "state", "fixed_in", "created_at",
        )  # fmt: skip


class EventOut(serializers.ModelSerializer[TaskReportEvent]):
    actor = serializers.CharField(source="actor.username")

    class Meta:
        model = TaskReportEvent
        fields = ("id", "actor", "action", "comment", "created_at")


class MoveIn(Body):
    action = serializers.ChoiceField(choices=[*MOVES])
    comment = serializers.CharField(default="", allow_blank=True)
    fixed_in = serializers.IntegerField(required=False, allow_null=True)


class CommentIn(Body):
    comment = serializers.CharField()


class OwnerIn(Body):
    owner = serializers.CharField(allow_blank=True, help_text="user name; empty for nobody")
