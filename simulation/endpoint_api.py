"""Models' endpoints over REST, for admins. No key and no part of one is in it."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from simulation.drafts import fingerprint
from simulation.endpoints import (
    change_endpoint,
    check_may_manage,
    content_of,
    make_endpoint,
    warning_of,
)
from simulation.models import ModelEndpoint
from simulation.rest.bodies import Body
from simulation.rest.pages import NewestFirst
from simulation.rest.queries import Query, yes_or_no
from simulation.rest.scopes import ADMIN
from simulation.rest.views import ApiViewSet
from simulation.text import without_nulls
from simulation.trials import Trial, try_endpoint


class EndpointOut(serializers.ModelSerializer[ModelEndpoint]):
    created_by = serializers.CharField(source="created_by.username")
    warning = serializers.SerializerMethodField(
        help_text="what keeps it from working in the web process; empty when nothing does"
    )

    class Meta:
        model = ModelEndpoint
        fields = (
            "name", "base_url", "key_variable", "warning", "is_active", "timeout_s",
            "connect_timeout_s", "max_running", "capabilities", "prices", "created_by",
            "created_at", "updated_at",
        )  # fmt: skip

    def get_warning(self, endpoint: ModelEndpoint) -> str:
        return warning_of(endpoint)


class EndpointChanges(Body):
    """What is said anew; the rest stays. capabilities and prices are replaced as a whole."""

    base_url = serializers.CharField(
        max_length=500, required=False, help_text="as far as its /v1: http://127.0.0.1:8000/v1"
    )
    key_variable = serializers.CharField(
        max_length=100, required=False, allow_blank=True,
        help_text="name of a variable such as EG_MODEL_KEY_OPENAI, never the key itself",
    )  # fmt: skip
    is_active = serializers.BooleanField(required=False)
    timeout_s = serializers.IntegerField(min_value=1, required=False)
    connect_timeout_s = serializers.IntegerField(min_value=1, required=False)
    max_running = serializers.IntegerField(
        min_value=1, required=False, allow_null=True, help_text="episodes at one time; null: all"
    )
    capabilities = serializers.DictField(required=False, help_text="see docs/models.md")
    prices = serializers.DictField(
        child=serializers.DictField(), required=False,
        help_text="USD per million tokens by model, prompt and completion and where it differs"
        ' cached; "*" is any other model',
    )  # fmt: skip


class EndpointIn(EndpointChanges):
    """A new endpoint."""

    name = serializers.CharField(max_length=60)
    base_url = serializers.CharField(
        max_length=500, help_text="as far as its /v1: http://127.0.0.1:8000/v1"
    )


class TrialIn(Body):
    model = serializers.CharField(max_length=200, help_text="as the server calls it")


class TrialOut(serializers.Serializer[Trial]):
    """How one short question went."""

    answers = serializers.BooleanField(help_text="whether an answer came")
    message = serializers.CharField(help_text="what it means, and what to look at")
    text = serializers.CharField(help_text="what the model said, or what went wrong")
    duration_ms = serializers.FloatField()
    usage = serializers.DictField(child=serializers.IntegerField(), help_text="tokens by kind")
    cost = serializers.FloatField(help_text="USD")


class EndpointQuery(Query):
    is_active = yes_or_no()
    lookups = {"is_active": "is_active"}


class EndpointViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Where models are asked, newest first; for admins."""

    serializer_class = EndpointOut
    pagination_class = NewestFirst
    query_class = EndpointQuery
    lookup_field = "name"
    write_scope = ADMIN
    queryset = ModelEndpoint.objects.none()

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def get_queryset(self) -> QuerySet[ModelEndpoint]:
        return ModelEndpoint.objects.visible_to(self.request.user).select_related("created_by")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_may_manage(self.person)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=EndpointIn, responses={201: EndpointOut})
    def create(self, request: Request) -> Response:
        """Say where models are asked. `warning` says what keeps it from working here."""
        check_may_manage(self.person)
        given = without_nulls(_content(_read(EndpointIn, request)))
        made = make_endpoint(given, by=self.person)
        return Response(EndpointOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=EndpointChanges, responses={200: EndpointOut})
    def partial_update(self, request: Request, name: str = "") -> Response:
        """Change what is sent. What was asked before keeps its cost."""
        endpoint = self.get_object()
        stored = content_of(endpoint)
        given = without_nulls({**stored, **_content(_read(EndpointChanges, request))})
        changed = change_endpoint(endpoint, given, by=self.person, base=fingerprint(stored))
        return Response(EndpointOut(changed).data)

    @extend_schema(request=TrialIn, responses={200: TrialOut})
    @action(detail=True, methods=["post"], serializer_class=TrialOut)
    def test(self, request: Request, name: str = "") -> Response:
        """Ask a model one short question, once: 200 whatever comes of it, within 30 seconds."""
        endpoint = self.get_object()
        return Response(TrialOut(try_endpoint(endpoint, _read(TrialIn, request)["model"])).data)


def _read(body: Any, request: Request) -> dict[str, Any]:
    sent = body(data=request.data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)


def _content(sent: dict[str, Any]) -> dict[str, Any]:
    """Give what was sent as a form has it: prices as rows."""
    if "prices" not in sent:
        return sent
    rows = [{**price, "model": model} for model, price in sent["prices"].items()]
    return {**sent, "prices": rows}
