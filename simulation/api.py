"""Episodes and their steps over REST, to read."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from simulation.models import Episode, Step, World
from simulation.rest.pages import InOrder, NewestFirst


class EpisodeOut(serializers.ModelSerializer[Episode]):
    world = serializers.StringRelatedField[World](help_text="SLUG@VERSION")
    agent = serializers.CharField(source="agent_name")
    owner = serializers.CharField(source="owner.username")

    class Meta:
        model = Episode
        fields = (
            "id", "world", "owner", "agent", "status", "stop_reason", "stop_detail", "is_masked",
            "step_count", "usage", "cost", "final_response", "state_hash", "created_at",
            "started_at", "ended_at",
        )  # fmt: skip


class StepOut(serializers.ModelSerializer[Step]):
    class Meta:
        model = Step
        fields = (
            "index", "turn", "kind", "content", "tool", "call_id", "arguments", "arguments_raw",
            "result", "is_error", "changes", "note", "tokens", "started_at", "duration_ms",
        )  # fmt: skip


class EpisodeViewSet(viewsets.ReadOnlyModelViewSet[Episode]):
    """Episodes that you may see, newest first."""

    serializer_class = EpisodeOut
    pagination_class = NewestFirst
    queryset = Episode.objects.none()

    def get_queryset(self) -> QuerySet[Episode]:
        return Episode.objects.visible_to(self.request.user).with_world().select_related("owner")

    @extend_schema(responses=StepOut(many=True), filters=False)
    @action(detail=True, pagination_class=InOrder, serializer_class=StepOut)
    def steps(self, request: Request, pk: str | None = None) -> Response:
        """Give the steps of one episode in order, with exactly what the agent sent and saw."""
        rows: Any = self.get_object().steps.all()
        steps: Any = self.paginate_queryset(rows) or []
        return self.get_paginated_response(StepOut(steps, many=True).data)
