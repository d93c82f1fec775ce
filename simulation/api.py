"""Episodes and their steps over REST, to read."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from simulation.errors import Gone
from simulation.models import Episode, Step, World
from simulation.rest.pages import InOrder, NewestFirst
from simulation.rest.queries import Query, moment, one_of, text, yes_or_no
from simulation.rest.views import ApiView
from simulation.stops import StopReason
from simulation.world_wire import NAME


class EpisodeOut(serializers.ModelSerializer[Episode]):
    world = serializers.StringRelatedField[World](help_text="SLUG@VERSION")
    agent = serializers.CharField(source="agent_name")
    owner = serializers.CharField(source="owner.username")

    class Meta:
        model = Episode
        fields = (
            "id", "world", "owner", "agent", "status", "stop_reason", "stop_detail", "is_masked",
            "is_truncated", "forgotten_at", "step_count", "usage", "cost", "final_response",
            "state_hash", "created_at", "started_at", "ended_at",
        )  # fmt: skip


class StepOut(serializers.ModelSerializer[Step]):
    class Meta:
        model = Step
        fields = (
            "index", "turn", "kind", "content", "tool", "call_id", "arguments", "arguments_raw",
            "result", "is_error", "changes", "note", "tokens", "fault", "started_at",
            "duration_ms",
        )  # fmt: skip


class EpisodeQuery(Query):
    status = one_of(Episode.Status.values)
    stop_reason = one_of(StopReason.values)
    agent = text("name of the agent")
    world = serializers.RegexField(f"^{NAME}$", required=False, help_text="SLUG@VERSION")
    since = moment("made at that time or later")
    lookups = {
        "status": "status",
        "stop_reason": "stop_reason",
        "agent": "agent__name",
        "since": "created_at__gte",
    }

    def narrow(self, rows: Any) -> Any:
        episodes = super().narrow(rows)
        if "world" in self.validated_data:
            slug, _, version = self.validated_data["world"].rpartition("@")
            episodes = episodes.filter(world__slug=slug, world__version=int(version))
        return episodes


class StepQuery(Query):
    kind = one_of(Step.Kind.values)
    tool = text("name of the tool that was called")
    is_error = yes_or_no("whether the call failed")
    lookups = {"kind": "kind", "tool": "tool", "is_error": "is_error"}


class EpisodeViewSet(ApiView, viewsets.ReadOnlyModelViewSet[Episode]):
    """Episodes that you may see, newest first."""

    serializer_class = EpisodeOut
    pagination_class = NewestFirst
    query_class = EpisodeQuery
    queryset = Episode.objects.none()

    def get_queryset(self) -> QuerySet[Episode]:
        return Episode.objects.visible_to(self.request.user).with_world().select_related("owner")

    @extend_schema(responses=StepOut(many=True), filters=False)
    @action(detail=True, pagination_class=InOrder, serializer_class=StepOut, query_class=StepQuery)
    def steps(self, request: Request, pk: str | None = None) -> Response:
        """Give the steps of one episode in order, with exactly what the agent sent and saw.

        fault: what was made to go wrong on purpose. 410 where they were removed.
        """
        episode = self.get_object()
        if episode.is_forgotten:
            raise Gone(f"the transcript of {episode} was removed")
        rows: Any = self.narrowed(episode.steps.all())
        steps: Any = self.paginate_queryset(rows) or []
        return self.get_paginated_response(StepOut(steps, many=True).data)
