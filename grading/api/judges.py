"""Judges over REST, to read, for inspectors."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from grading.judging.configurations import check_may_see
from grading.judging.costs import Spent, spent_by
from grading.models import Judge, JudgeCall
from simulation.rest.pages import NewestFirst
from simulation.rest.queries import Query, text, yes_or_no
from simulation.rest.scopes import ADMIN
from simulation.rest.views import ApiView


class SpentOut(serializers.Serializer[Spent]):
    """What judging has cost: calls, those without an answer among them, tokens, USD."""

    calls = serializers.IntegerField()
    unanswered = serializers.IntegerField()
    prompt_tokens = serializers.IntegerField(source="prompt")
    completion_tokens = serializers.IntegerField(source="completion")
    cost = serializers.FloatField()


class JudgeOut(serializers.ModelSerializer[Judge]):
    endpoint = serializers.CharField(source="endpoint.name")
    created_by = serializers.CharField(source="created_by.username")
    spent = serializers.SerializerMethodField()

    class Meta:
        model = Judge
        fields = (
            "id", "name", "version", "endpoint", "model", "settings", "prompt", "note", "hash",
            "is_retired", "spent", "created_by", "created_at",
        )  # fmt: skip

    @extend_schema(responses=SpentOut)
    def get_spent(self, judge: Judge) -> dict[str, Any]:
        paid: dict[int, Spent] = self.context.get("paid", {})
        return dict(SpentOut(paid.get(judge.pk, Spent())).data)


class JudgeQuery(Query):
    name = text("all versions of one judge")
    endpoint = text("name of the endpoint that it asks")
    is_retired = yes_or_no()
    lookups = {"name": "name", "endpoint": "endpoint__name", "is_retired": "is_retired"}


class JudgeViewSet(ApiView, viewsets.ReadOnlyModelViewSet[Judge]):
    """Judges, newest first, with what each has cost so far."""

    serializer_class = JudgeOut
    pagination_class = NewestFirst
    query_class = JudgeQuery
    queryset = Judge.objects.none()
    write_scope = ADMIN

    def get_queryset(self) -> QuerySet[Judge]:
        visible = Judge.objects.visible_to(self.request.user)
        return visible.select_related("endpoint", "created_by")

    def get_serializer_context(self) -> dict[str, Any]:
        calls = JudgeCall.objects.visible_to(self.request.user)
        calls = calls.filter(judge__in=self.get_queryset())
        return {**super().get_serializer_context(), "paid": spent_by(calls, "judge")}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_may_see(cast(User, request.user))
        return super().list(request, *args, **kwargs)
