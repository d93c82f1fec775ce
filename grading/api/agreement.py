"""Agreement and people's verdicts over REST."""

from dataclasses import asdict
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import parsers, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grading.agreement.imports import import_labels, plan_labels
from grading.agreement.items import CLASSES, read_items
from grading.agreement.lines import MAX_BYTES, export_lines, read_lines
from grading.agreement.numbers import COUNTED, report
from grading.agreement.repeats import flips, read_repeated
from grading.api.statistics import FigureOut
from grading.models import Run
from grading.views.agreement import scope_of
from simulation.rest.queries import Query, number, one_of, text
from simulation.rest.views import ApiView

Plain = serializers.Serializer[Any]


class ScopeQuery(Query):
    """Which verdicts are meant."""

    run = number("one run instead of all that count")
    kind = one_of(Run.Kind.values, "of runs")
    source = one_of(["check", "judge"])  # type: ignore[assignment]  # a filter of that name
    judge = text("name@version")
    check = text("kind of check")
    author = text("of the task")
    blind = one_of(["1"], "only verdicts that were given blind")


class ConfusionOut(Plain):
    """Counts of what people hold (rows) by what the machine said (columns), and measures."""

    classes = serializers.ListField(child=serializers.CharField())
    counts = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    observed = FigureOut(help_text="share that agrees")
    prevalence = FigureOut(many=True, help_text="of each class, among people's")
    by_class = FigureOut(many=True, help_text="specific agreement of each class: its F1")
    recall = FigureOut(many=True)
    balanced_accuracy = FigureOut()
    balanced_f1 = FigureOut()
    kappa = FigureOut(help_text="Cohen's")
    ac1 = FigureOut(help_text="Gwet's")


class ComparedOut(Plain):
    name = serializers.CharField()
    two = ConfusionOut(help_text="cannot_tell counts as not met")
    all = ConfusionOut()
    unresolved = serializers.IntegerField(help_text="people differ; left out")
    broken = serializers.IntegerField(help_text="grader errors; left out")
    blind = serializers.IntegerField()


class RatersOut(Plain):
    alpha = FigureOut(help_text="Krippendorff's, nominal")
    alpha_ordinal = FigureOut()
    ac1 = FigureOut()
    flip_rate = FigureOut(help_text="share of pairs that differ")


class PersonOut(Plain):
    name = serializers.CharField()
    labels = serializers.IntegerField()
    blind = serializers.IntegerField()
    against = ConfusionOut(help_text="every pair with another person")


class RepeatedOut(Plain):
    name = serializers.CharField(help_text="kind of check")
    n = serializers.IntegerField()
    flipped = serializers.IntegerField()
    agreement = RatersOut()


class AgreementOut(Plain):
    classes = serializers.ListField(child=serializers.CharField(), help_text="of `all`")
    counted_classes = serializers.ListField(child=serializers.CharField(), help_text="of `two`")
    items = serializers.IntegerField(help_text="criteria of rollouts that people decided")
    episodes = serializers.IntegerField()
    judge = ComparedOut(allow_null=True)
    check = ComparedOut(allow_null=True)
    by_judge = ComparedOut(many=True)
    by_check = ComparedOut(many=True)
    by_author = ComparedOut(many=True)
    people = RatersOut()
    rated_twice = serializers.IntegerField()
    persons = PersonOut(many=True)
    flips = RepeatedOut(many=True)


class AgreementView(ApiView, APIView):
    """How far machines and people agree, people among themselves, and repeats of a machine."""

    query_class = ScopeQuery
    serializer_class = AgreementOut

    @extend_schema(responses=AgreementOut, operation_id="agreement")
    def get(self, request: Request) -> Response:
        """Compare what people and machines say, with n and interval."""
        scope = scope_of(request._request)
        found = report(read_items(request.user, scope))
        repeated = flips(read_repeated(request.user, scope))
        data = asdict(found) | {
            "classes": CLASSES,
            "counted_classes": COUNTED,
            "flips": [asdict(each) for each in repeated],
        }
        return Response(AgreementOut(data).data)


class LinesParser(parsers.BaseParser):
    """Lines of JSON as the whole body."""

    media_type = "application/jsonl"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream.read(MAX_BYTES + 1)


class ImportedOut(Plain):
    lines = serializers.IntegerField()
    new = serializers.IntegerField()
    known = serializers.IntegerField()


class LabelsView(ApiView, APIView):
    """People's verdicts as lines of JSON: what goes out comes in again."""

    parser_classes = [LinesParser]
    query_class = ScopeQuery
    takes_fields = False

    @extend_schema(
        responses={(200, "application/jsonl"): OpenApiTypes.STR},
        operation_id="labels_list",
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Give people's verdicts, one JSON object a line."""
        lines = export_lines(request.user, scope_of(request._request))
        return StreamingHttpResponse(lines, content_type="application/jsonl")

    @extend_schema(
        parameters=[OpenApiParameter("dry_run", bool, description="only look")],
        request={"application/jsonl": OpenApiTypes.STR},
        responses={200: ImportedOut, 201: ImportedOut},
        operation_id="labels_import",
    )
    def post(self, request: Request) -> Response:
        """Take all lines or none. Twice is once: what is there already is not made again."""
        data, actor = _sent(request), cast(User, request.user)
        lines = read_lines(data)
        if request.query_params.get("dry_run") in ("1", "true"):
            plan = plan_labels(lines, actor)
            counts = {"lines": len(lines), "new": len(plan.new), "known": plan.known}
            return Response(ImportedOut(counts).data)
        made = import_labels(lines, actor=actor, name="REST", data=data)
        counts = {"lines": made.lines, "new": made.made, "known": made.lines - made.made}
        return Response(ImportedOut(counts).data, status=status.HTTP_201_CREATED)


def _sent(request: Request) -> bytes:
    """Give the body; without one there is nothing to read."""
    return request.data if isinstance(request.data, bytes) else b""
