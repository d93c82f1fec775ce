"""Mutation reports over REST: to list, to start and to read whole."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.models import MutationReport
from authoring.mutants.judges import named_judge
from authoring.mutants.scores import document, read_results, score_of
from authoring.strength.access import measured_for, reports_for, task_for
from authoring.strength.marks import equivalent_hashes
from authoring.strength.reports import start_report
from simulation.rest.bodies import Body
from simulation.rest.pages import NewestFirst
from simulation.rest.views import ApiView

SLUG = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="slug of the task")


class AskIn(Body):
    """judge: "name@version", or its name for the newest; decides what no rule does."""

    judge = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)


class ReportOut(serializers.ModelSerializer[MutationReport]):
    """One report. `score` is that of the moment when it ended, null until then."""

    task = serializers.CharField(source="task.slug")
    revision = serializers.IntegerField(source="revision.number", default=None, allow_null=True)
    judge = serializers.SerializerMethodField(help_text="name@version")
    created_by = serializers.CharField(source="created_by.username")

    class Meta:
        model = MutationReport
        fields = (
            "id", "task", "revision", "content_hash", "rubric_hash", "world", "judge", "status",
            "done", "total", "score", "problem", "created_by", "created_at", "ended_at",
        )  # fmt: skip

    def get_judge(self, report: MutationReport) -> str | None:
        return str(report.judge) if report.judge else None


class ReportDetailOut(ReportOut):
    """One report with what it found; figures count today's marks of equivalent mutants."""

    found = serializers.SerializerMethodField()

    class Meta(ReportOut.Meta):
        fields = (*ReportOut.Meta.fields, "found")  # type: ignore[assignment]

    def get_found(self, report: MutationReport) -> dict[str, Any] | None:
        if report.status != MutationReport.Status.ENDED:
            return None
        counts = dict(report.counts)
        results, marks = read_results(report.results), equivalent_hashes(report.task)
        score = score_of(results, counts.pop("criteria", []), marks)
        return document(results, counts, score, marks)


@extend_schema(parameters=[SLUG], filters=False)
class MutationViewSet(
    ApiView,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[MutationReport],
):
    """How many mutants of a task's reference its rubric fails, newest first."""

    serializer_class = ReportOut
    pagination_class = NewestFirst
    queryset = MutationReport.objects.none()

    def get_queryset(self) -> QuerySet[MutationReport]:
        if "slug" not in self.kwargs:
            return MutationReport.objects.none()
        return reports_for(self.request.user, task_for(self.request.user, self.kwargs["slug"]))

    @extend_schema(request=AskIn, responses={202: ReportOut})
    def create(self, request: Request, slug: str) -> Response:
        """Start measuring; what is under way already is given instead."""
        user = request.user
        task = task_for(user, slug)
        assert isinstance(user, User)  # noqa: S101  everybody else is turned away before
        asked = AskIn(data=request.data)
        asked.is_valid(raise_exception=True)
        judge = named_judge(asked.validated_data["judge"])
        report = start_report(task, measured_for(user, task), by=user, judge=judge)
        return Response(ReportOut(report).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=ReportDetailOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give one report with its survivors, its kinds and the kills of each criterion."""
        return Response(ReportDetailOut(self.get_object()).data)
