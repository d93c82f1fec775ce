"""Models' endpoints over REST, to read, for admins. No key and no part of one is in it."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from simulation.endpoints import check_may_manage, warning_of
from simulation.models import ModelEndpoint
from simulation.rest.pages import NewestFirst
from simulation.rest.queries import Query, yes_or_no
from simulation.rest.scopes import ADMIN
from simulation.rest.views import ApiView


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


class EndpointQuery(Query):
    is_active = yes_or_no()
    lookups = {"is_active": "is_active"}


class EndpointViewSet(ApiView, viewsets.ReadOnlyModelViewSet[ModelEndpoint]):
    """Where models are asked, newest first; for admins."""

    serializer_class = EndpointOut
    pagination_class = NewestFirst
    query_class = EndpointQuery
    lookup_field = "name"
    write_scope = ADMIN
    queryset = ModelEndpoint.objects.none()

    def get_queryset(self) -> QuerySet[ModelEndpoint]:
        return ModelEndpoint.objects.visible_to(self.request.user).select_related("created_by")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_may_manage(cast(User, request.user))
        return super().list(request, *args, **kwargs)
