"""Gradings of a run over REST: to read, cancel, compare, and make official."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from grading.api.comparisons import GradingsComparedOut, comparison
from grading.models import Grading, Judge, OfficialSwitch, Run
from grading.regrading.asking import cancel_grading
from grading.regrading.comparing import FILTERS, Change
from grading.regrading.official import switch_official
from simulation.rest.bodies import Body
from simulation.rest.pages import NewestFirst
from simulation.rest.queries import Query, one_of, text
from simulation.rest.views import ApiView
from simulation.roles import sees_held_out


class GradingOut(serializers.ModelSerializer[Grading]):
    """One measuring of a run. `waiting` of `total` assessments are not decided yet."""

    run = serializers.IntegerField(source="run_id")
    is_official = serializers.SerializerMethodField()
    rubrics = serializers.CharField(source="shown_rubrics")
    reason = serializers.CharField(source="shown_reason")
    scope = serializers.JSONField(source="shown_scope")
    counts = serializers.BooleanField(help_text="whether it may become the official one")
    judge = serializers.StringRelatedField[Judge](
        allow_null=True, help_text="NAME@VERSION, null without one"
    )
    asked_by = serializers.CharField(source="asked_by.username")
    total = serializers.IntegerField(help_text="assessments")
    waiting = serializers.IntegerField(help_text="assessments that are not decided yet")

    class Meta:
        model = Grading
        fields = (
            "run", "number", "purpose", "is_official", "counts", "rubrics", "judge", "reason",
            "scope", "key", "asked_by", "created_at", "cancelled_at", "total", "waiting",
        )  # fmt: skip

    def get_is_official(self, grading: Grading) -> bool:
        return grading.run.official_id == grading.pk


class SwitchIn(Body):
    """before: number of the grading that is official now, as you know it."""

    before = serializers.IntegerField()
    reason = serializers.CharField(max_length=2000)


class SwitchOut(serializers.ModelSerializer[OfficialSwitch]):
    before = serializers.IntegerField(source="before.number")
    after = serializers.IntegerField(source="after.number")
    actor = serializers.CharField(source="actor.username")

    class Meta:
        model = OfficialSwitch
        fields = ("before", "after", "actor", "reason", "created_at")


class CancelledOut(serializers.Serializer[Any]):
    """cancelled: assessments that will not be decided."""

    cancelled = serializers.IntegerField()


class GradingQuery(Query):
    purpose = one_of(Grading.Purpose.values)
    judge = text("name of the judge")
    lookups = {"purpose": "purpose", "judge": "judge__name"}


class CompareQuery(Query):
    a = serializers.RegexField("^[0-9]{1,5}$", help_text="number of a grading")
    b = serializers.RegexField("^[0-9]{1,5}$", help_text="number of another grading")
    agent = text("name of the agent")
    task = text("slug of the task, or slug@revision")
    criterion = text("key of a criterion")
    change = one_of(Change.values, "how the two differ")
    page = serializers.RegexField("^[0-9]{1,6}$", required=False, help_text="number of the page")


class GradingReads(
    ApiView, mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Grading]
):
    """Gradings of a run that you may see, newest first."""

    serializer_class = GradingOut
    pagination_class = NewestFirst
    query_class = GradingQuery
    queryset = Grading.objects.none()
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,5}"

    def get_queryset(self) -> QuerySet[Grading]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        gradings = Grading.objects.visible_to(self.request.user).filter(run=self.run)
        counted = gradings.with_progress(with_held_out=sees_held_out(self.request.user))
        return counted.select_related("run", "asked_by", "judge")

    @property
    def run(self) -> Run:
        runs = Run.objects.visible_to(self.request.user).select_related("official")
        run: Run = get_object_or_404(runs, pk=self.kwargs["run"])
        return run

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    @extend_schema(request=None, responses=CancelledOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, run: str, number: str) -> Response:
        """Call off what is not decided yet; what is stays."""
        return Response({"cancelled": cancel_grading(self.get_object(), actor=self.person)})

    @extend_schema(request=SwitchIn, responses=SwitchOut)
    @action(detail=True, methods=["post"])
    def official(self, request: Request, run: str, number: str) -> Response:
        """Take the run's numbers from this grading from now on."""
        after = self.get_object()
        sent = SwitchIn(data=request.data)
        sent.is_valid(raise_exception=True)
        before = get_object_or_404(self.get_queryset(), number=sent.validated_data["before"])
        switch = switch_official(
            self.run,
            after,
            before=before,
            reason=sent.validated_data["reason"],
            actor=self.person,
        )
        return Response(SwitchOut(switch).data)

    @extend_schema(responses=GradingsComparedOut, filters=False)
    @action(
        detail=False,
        pagination_class=None,
        serializer_class=GradingsComparedOut,
        query_class=CompareQuery,
    )
    def compare(self, request: Request, run: str) -> Response:
        """Put two gradings beside each other on the same rollouts, flips first."""
        asked = self.asked(request)
        found = {each.number: each for each in self.get_queryset()}
        both = [int(asked[name]) for name in ("a", "b")]
        if not all(number in found for number in both):
            raise Http404
        filters = {name: asked.get(name, "") for name in (*FILTERS, "page")}
        a, b = (found[number] for number in both)
        return Response(comparison(self.run, a, b, filters))
