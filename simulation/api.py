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
            "is_truncated", "forgotten_at", "step_count", "usage", "cost", "customer_usage",
            "customer_cost", "final_response", "state_hash", "created_at", "started_at",
            "ended_at",
        )  # fmt: skip


class CallOut(serializers.Serializer[Any]):
    """A call as a model asked for it."""

    id = serializers.CharField()
    name = serializers.CharField()
    arguments = serializers.CharField(help_text="as it was written")


class AttemptOut(serializers.Serializer[Any]):
    """One request of several to a model's server."""

    status = serializers.IntegerField(allow_null=True, help_text="of HTTP; null without an answer")
    error = serializers.CharField(allow_blank=True)
    waited_s = serializers.FloatField(help_text="before it")
    duration_ms = serializers.FloatField()


class ExchangeOut(serializers.Serializer[Any]):
    """What came with a model's words, the agent's or the customer's; what did not is left out.

    What only servers read, and what a customer thought or nearly said, is not here.
    """

    calls = CallOut(many=True, required=False)
    left_out = CallOut(many=True, required=False, help_text="asked for and never executed")
    stop = serializers.CharField(required=False, help_text="why the episode ends here")
    detail = serializers.CharField(required=False)
    ends = serializers.BooleanField(required=False, help_text="the customer ended it")
    finish = serializers.CharField(required=False, help_text="the server's word for it")
    model = serializers.CharField(required=False, help_text="that answered, as the server says")
    attempts = AttemptOut(many=True, required=False, help_text="where the first one failed")
    revealed = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="topics of which the customer may speak from here on",
    )
    quotes = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="what asked for each of them"
    )


class StepOut(serializers.ModelSerializer[Step]):
    exchange = ExchangeOut(allow_null=True)

    class Meta:
        model = Step
        fields = (
            "index", "turn", "kind", "content", "tool", "call_id", "arguments", "arguments_raw",
            "result", "is_error", "changes", "note", "tokens", "cost", "reasoning", "exchange",
            "fault", "started_at", "duration_ms",
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

        tokens, cost (USD), reasoning, exchange: of what a model said, the agent's or the
        customer's. fault: what was made to go wrong on purpose. 410 where they were removed.
        """
        episode = self.get_object()
        if episode.is_forgotten:
            raise Gone(f"the transcript of {episode} was removed")
        rows: Any = self.narrowed(episode.steps.all())
        steps: Any = self.paginate_queryset(rows) or []
        return self.get_paginated_response(StepOut(steps, many=True).data)
