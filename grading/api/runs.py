"""Runs and verdicts over REST, to read."""

from typing import Any

from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from grading.models import Grading, Rollout, Run, Verdict
from simulation.api import NewestFirst


class RunOut(serializers.ModelSerializer[Run]):
    owner = serializers.CharField(source="owner.username")
    official_grading = serializers.IntegerField(source="official.number")

    class Meta:
        model = Run
        fields = ("id", "title", "kind", "source", "owner", "official_grading", "created_at")


class RolloutOut(serializers.ModelSerializer[Rollout]):
    """One attempt. reward and passed are null unless it is completely graded."""

    outcome = serializers.CharField()
    reward = serializers.FloatField(source="official_reward", allow_null=True)
    passed = serializers.BooleanField(source="official_passed", allow_null=True)

    class Meta:
        model = Rollout
        fields = (
            "id", "subject", "agent", "index", "group", "labels", "episode", "outcome", "reward",
            "passed",
        )  # fmt: skip


class VerdictOut(serializers.ModelSerializer[Verdict]):
    rollout = serializers.IntegerField(source="assessment.rollout_id")
    grading = serializers.IntegerField(source="assessment.grading.number")
    author = serializers.CharField(source="author.username", default=None, allow_null=True)

    class Meta:
        model = Verdict
        fields = (
            "id", "rollout", "grading", "criterion_key", "outcome", "source", "author", "rationale",
            "evidence", "votes", "round", "is_authoritative", "grader_fingerprint", "created_at",
        )  # fmt: skip


class RunViewSet(viewsets.ReadOnlyModelViewSet[Run]):
    """Runs that you may see, newest first."""

    serializer_class = RunOut
    pagination_class = NewestFirst
    queryset = Run.objects.none()

    def get_queryset(self) -> QuerySet[Run]:
        return Run.objects.visible_to(self.request.user).select_related("owner", "official")

    @extend_schema(responses=RolloutOut(many=True), filters=False)
    @action(detail=True, serializer_class=RolloutOut)
    def rollouts(self, request: Request, pk: str | None = None) -> Response:
        """Give the rollouts of a run with their official reward."""
        run = self.get_object()
        rollouts = _with_rewards(run.rollouts.with_outcome(run.official_id))
        return self._page(RolloutOut, rollouts)

    @extend_schema(responses=VerdictOut(many=True), filters=False)
    @action(detail=True, serializer_class=VerdictOut)
    def verdicts(self, request: Request, pk: str | None = None) -> Response:
        """Give every verdict of a run, of all gradings that you may see."""
        gradings = Grading.objects.visible_to(request.user).filter(run=self.get_object())
        verdicts = Verdict.objects.filter(assessment__grading__in=gradings)
        return self._page(VerdictOut, verdicts.select_related("assessment__grading", "author"))

    def _page(self, serializer: Any, rows: Any) -> Response:
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(serializer(page, many=True).data)


def _with_rewards(rollouts: Any) -> Any:
    return rollouts.annotate(
        official_reward=F("graded__reward"), official_passed=F("graded__passed")
    )
