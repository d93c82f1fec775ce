"""Asking for gradings over REST, by the rubrics of revisions and drafts."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authoring.regrading.asking import Request as Asked
from authoring.regrading.asking import ask, read_picks
from authoring.regrading.rubrics import LAUNCHED
from grading.api.gradings import GradingOut, GradingReads
from grading.models import Grading, Run
from grading.regrading.asking import ASKED_FOR, MAX_RUNS
from grading.scopes import read_scope
from simulation.errors import InvalidArgument
from simulation.rest.bodies import Body
from simulation.rest.views import ApiView
from simulation.roles import sees_held_out


class GradingIn(Body):
    """rubrics: launched (the default), approved or draft for all tasks, or an object by task of
    these words and of revision numbers; tasks that it does not name keep the launched rubric.
    """

    purpose = serializers.ChoiceField([str(p) for p in ASKED_FOR], default=str(ASKED_FOR[0]))
    reason = serializers.CharField(max_length=2000)
    rubrics = serializers.JSONField(required=False)
    judge = serializers.CharField(
        max_length=100, default="", allow_blank=True,
        help_text="NAME@VERSION; that of the official grading when it is left out",
    )  # fmt: skip
    filter = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)
    key = serializers.CharField(
        max_length=64, default="", allow_blank=True, help_text="asking twice gives one grading"
    )


class GradingsIn(GradingIn):
    """The same for several runs, asked together: all of them, or none."""

    runs = serializers.ListField(
        child=serializers.IntegerField(min_value=1), min_length=1, max_length=MAX_RUNS
    )


class GradingViewSet(GradingReads):
    """Gradings of a run that you may see, newest first."""

    @extend_schema(request=GradingIn, responses={201: GradingOut})
    def create(self, request: Request, run: str) -> Response:
        """Ask for a grading of the stored episodes of a run, beside those that there are."""
        (made,) = _ask([self.run], GradingIn(data=request.data), self.person)
        grading = self.get_queryset().get(pk=made.pk)
        return Response(GradingOut(grading).data, status=status.HTTP_201_CREATED)


class GradingsView(ApiView, APIView):
    """Gradings of several runs."""

    @extend_schema(request=GradingsIn, responses={201: GradingOut(many=True)})
    def post(self, request: Request) -> Response:
        """Ask for one grading of each of these runs: all of them, or none."""
        user, sent = cast(User, request.user), GradingsIn(data=request.data)
        sent.is_valid(raise_exception=True)
        numbers = set(sent.validated_data["runs"])
        runs = list(Run.objects.visible_to(user).filter(pk__in=numbers).order_by("pk"))
        if len(runs) < len(numbers):
            raise Http404
        ids = [grading.pk for grading in _ask(runs, sent, user)]
        made = Grading.objects.visible_to(user).filter(pk__in=ids)
        made = made.with_progress(with_held_out=sees_held_out(user))
        gradings = made.select_related("run", "asked_by", "judge").order_by("run_id")
        return Response(GradingOut(gradings, many=True).data, status=status.HTTP_201_CREATED)


def _ask(runs: Sequence[Run], sent: Any, actor: User) -> list[Grading]:
    sent.is_valid(raise_exception=True)
    data = sent.validated_data
    rubrics = data.get("rubrics", LAUNCHED)
    if not isinstance(rubrics, str | dict):
        raise InvalidArgument("write a word, or an object by task", field="rubrics")
    asked = Asked(
        reason=data["reason"],
        purpose=data["purpose"],
        picks=read_picks(rubrics),
        judge=data["judge"],
        scope=read_scope(data["filter"]),
        key=data["key"],
    )
    return ask(runs, asked, actor=actor)
