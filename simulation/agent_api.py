"""Agents that models play, over REST: read by everybody with a role, made by runners and admins."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from simulation.agent_configurations import (
    check_may_make,
    check_may_see,
    content_of,
    make_agent,
    retire_agent,
    unretire_agent,
)
from simulation.models import AgentConfiguration
from simulation.rest.bodies import Body
from simulation.rest.pages import NewestFirst
from simulation.rest.queries import Query, text, yes_or_no
from simulation.rest.views import ApiViewSet
from simulation.text import clean_text, without_nulls

_KEY = OpenApiParameter("key", OpenApiTypes.STR, OpenApiParameter.PATH, description="name@version")


class AgentVersionOut(serializers.ModelSerializer[AgentConfiguration]):
    """One version of an agent. price: USD a million tokens, as its endpoint says today."""

    key = serializers.CharField(source="__str__", help_text="name@version")
    endpoint = serializers.CharField(source="endpoint.name")
    price = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.username")

    class Meta:
        model = AgentConfiguration
        fields = (
            "key", "name", "version", "endpoint", "model", "price", "settings", "limits", "note",
            "is_retired", "created_by", "created_at",
        )  # fmt: skip

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_price(self, agent: AgentConfiguration) -> dict[str, Any] | None:
        prices: dict[str, Any] = agent.endpoint.prices
        found: dict[str, Any] | None = prices.get(agent.model, prices.get("*"))
        return found


class AgentChanges(Body):
    """What the next version says; the rest stays as it is. limits: 0 is no limit."""

    endpoint = serializers.CharField(max_length=60, required=False)
    model = serializers.CharField(max_length=200, required=False)
    settings = serializers.DictField(required=False)
    limits = serializers.DictField(required=False)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class AgentIn(AgentChanges):
    """A new agent, or the next version of a name that there is."""

    name = serializers.CharField(max_length=60)
    endpoint = serializers.CharField(max_length=60)
    model = serializers.CharField(max_length=200)


class AgentQuery(Query):
    name = text("all versions of one agent")
    endpoint = text("name of the endpoint that it asks")
    is_retired = yes_or_no()
    lookups = {"name": "name", "endpoint": "endpoint__name", "is_retired": "is_retired"}


@extend_schema_view(retrieve=extend_schema(parameters=[_KEY]))
class AgentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Agents that models play, newest first."""

    serializer_class = AgentVersionOut
    pagination_class = NewestFirst
    query_class = AgentQuery
    queryset = AgentConfiguration.objects.none()
    lookup_field = "key"
    lookup_value_regex = "[^/]+"

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def get_queryset(self) -> QuerySet[AgentConfiguration]:
        visible = AgentConfiguration.objects.visible_to(self.request.user)
        return visible.select_related("endpoint", "created_by")

    def get_object(self) -> AgentConfiguration:
        name, _, version = clean_text(self.kwargs["key"])[0].partition("@")
        is_number = version.isdecimal() and version.isascii() and len(version) < 10
        if not is_number:
            raise Http404
        return get_object_or_404(self.get_queryset(), name=name, version=int(version))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_may_see(self.person)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=AgentIn, responses={201: AgentVersionOut})
    def create(self, request: Request) -> Response:
        """Make an agent, or the next version of a name that there is."""
        check_may_make(self.person)
        return self._made(_read(AgentIn, request))

    @extend_schema(request=AgentChanges, responses={201: AgentVersionOut}, parameters=[_KEY])
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, key: str = "") -> Response:
        """Make the next version of this one's name: like it, but for what is sent."""
        like = self.get_object()
        check_may_make(self.person)
        return self._made({**content_of(like), **_read(AgentChanges, request)})

    @extend_schema(request=None, responses={200: AgentVersionOut}, parameters=[_KEY])
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, key: str = "") -> Response:
        """Offer a version for no further run; what it plays already goes on."""
        agent = self.get_object()
        retire_agent(agent, by=self.person)
        return Response(AgentVersionOut(self.get_object()).data)

    @extend_schema(request=None, responses={200: AgentVersionOut}, parameters=[_KEY])
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, key: str = "") -> Response:
        """Offer a retired version again."""
        agent = self.get_object()
        unretire_agent(agent, by=self.person)
        return Response(AgentVersionOut(self.get_object()).data)

    def _made(self, given: dict[str, Any]) -> Response:
        made = make_agent(without_nulls(given), by=self.person)
        agent = self.get_queryset().get(pk=made.pk)
        return Response(AgentVersionOut(agent).data, status=status.HTTP_201_CREATED)


def _read(body: Any, request: Request) -> dict[str, Any]:
    sent = body(data=request.data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)
