"""Rubrics of other formats over REST: what they would become in a task's draft, and doing so."""

import json
from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authoring.access import TaskLook, edit_task
from authoring.rubric_imports import FORMATS
from authoring.rubric_imports.imports import base_of, import_criteria
from authoring.rubric_imports.looking import Found, look_at
from authoring.rubric_imports.planning import ADD, MODES, Plan, State, plan
from simulation.errors import Problems
from simulation.rest.bodies import Body
from simulation.rest.queries import Query
from simulation.rest.scopes import AUTHOR
from simulation.rest.views import ApiView

Plain = serializers.Serializer[Any]


class ImportQuery(Query):
    dry_run = serializers.BooleanField(required=False, default=False)


class RubricIn(Body):
    """A rubric of another format."""

    format = serializers.ChoiceField(
        choices=list(FORMATS),
        required=False,
        default="",
        allow_blank=True,
        help_text="recognised if left out",
    )
    content = serializers.JSONField(help_text="the text of a file, or the JSON itself")
    part = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="a row of a data set such as 3, a branch of a tree such as 2.1",
    )
    mode = serializers.ChoiceField(choices=MODES, default=ADD)
    base = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="of the answer to a dry run: refuses when the rubric changed since",
    )


class PlannedOut(Plain):
    """A criterion as it is, or would be, in the draft."""

    key = serializers.CharField(source="criterion.key")
    text = serializers.CharField(source="criterion.text")
    category = serializers.CharField(source="criterion.category")
    points = serializers.IntegerField(source="criterion.points")
    note = serializers.CharField(source="criterion.note", allow_blank=True)
    check = serializers.JSONField(source="criterion.check")
    state = serializers.ChoiceField(
        choices=[str(each) for each in State], help_text="there: already, and left as it is"
    )
    place = serializers.CharField(source="incoming.place", help_text="in what was sent")
    before = serializers.CharField(source="incoming.before", help_text="its points there")
    hints = serializers.SerializerMethodField(help_text="what a person should look at")

    def get_hints(self, planned: Any) -> list[str]:
        return [*planned.incoming.hints, *planned.hints]


class RubricImportedOut(Plain):
    format = serializers.CharField()
    mode = serializers.ChoiceField(choices=MODES)
    dry_run = serializers.BooleanField()
    version = serializers.IntegerField(help_text="of the draft")
    base = serializers.CharField(help_text="tells states of the rubric apart")
    notices = serializers.ListField(child=serializers.CharField(), help_text="rules followed")
    criteria = PlannedOut(many=True)


class RubricImportView(ApiView, APIView):
    """Criteria of HealthBench, RaR, PaperBench, our own form or a table into a task's rubric."""

    query_class = ImportQuery
    write_scope = AUTHOR

    @extend_schema(
        parameters=[
            OpenApiParameter("slug", str, OpenApiParameter.PATH, description="slug of the task"),
            OpenApiParameter("dry_run", bool, description="only look"),
        ],
        request=RubricIn,
        responses=RubricImportedOut,
        operation_id="task_rubric_import",
    )
    def post(self, request: Request, slug: str) -> Response:
        """Import all criteria or none; what was there before stays in the history."""
        user = request.user
        assert isinstance(user, User)  # noqa: S101  everybody else is turned away before
        look = edit_task(user, slug)
        asked, sent = self.asked(request), RubricIn(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        found = look_at(_text(given["content"]), form=given["format"], part=given["part"])
        if found.reading.problems:
            raise Problems(found.reading.problems)
        if asked["dry_run"]:
            return Response(_dry_run(look, found, given["mode"]))
        done = import_criteria(look.task, found, given["mode"], by=user, base=given["base"])
        answer = _answer(found, given["mode"], done.plan, dry_run=False)
        version, base = done.draft.version, base_of(done.draft.content)
        return Response(answer | {"version": version, "base": base})


def _dry_run(look: TaskLook, found: Found, mode: str) -> dict[str, Any]:
    document = look.content.model_dump(mode="json")
    planned = plan(mode, document, found.reading.criteria)
    if planned.problems:
        raise Problems(planned.problems)
    version = look.draft.version if look.draft else 0
    answer = _answer(found, mode, planned, dry_run=True)
    return answer | {"version": version, "base": base_of(document)}


def _answer(found: Found, mode: str, planned: Plan, *, dry_run: bool) -> dict[str, Any]:
    return {
        "format": found.format,
        "mode": mode,
        "dry_run": dry_run,
        "notices": found.reading.notices,
        "criteria": PlannedOut(planned.criteria, many=True).data,
    }


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content)
