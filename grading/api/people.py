"""What people say about rollouts, over REST: verdicts, failure notes, task reports."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from grading.api import people_wire as wire
from grading.api.filters import RolloutQuery
from grading.api.runs import (
    RolloutOut,
    VerdictOut,
    VerdictQuery,
    WithdrawalOut,
    officially_graded,
)
from grading.graders import Cited
from grading.models import Assessment, FailureNote, Rollout, Run, TaskReport, Verdict
from grading.people.failures import Note, note_failure, take_back_note
from grading.people.judged import Judged, all_verdicts, read_judged
from grading.people.look import Look, has_seen, is_blind, remember_seen
from grading.people.owners import owner_named
from grading.people.reports import (
    Complaint,
    assign_report,
    comment_on,
    move_report,
    report_task,
)
from grading.people.verdicts import Said, agree, criterion_of, record_verdict, withdraw
from simulation.errors import Conflict
from simulation.rest.pages import NewestFirst
from simulation.rest.queries import Query, number, one_of, text
from simulation.rest.views import ApiView
from simulation.views.lookup import number as number_in

BLIND = OpenApiParameter(
    "blind", str, enum=["1"], description="hide what others say until you have"
)
GRADING = OpenApiParameter("grading", int, description="number; the official one when left out")


class AllRolloutsQuery(RolloutQuery):
    run = number("of one run")
    kind = one_of(Run.Kind.values, "of the run")
    lookups = {**RolloutQuery.lookups, "run": "run", "kind": "run__kind"}


class BlindQuery(Query):
    blind = one_of(["1"], "hide what others say until you have")


class JudgedQuery(VerdictQuery, BlindQuery):
    grading = text("number of a grading; the official one when left out")


class RolloutViewSet(ApiView, viewsets.ReadOnlyModelViewSet[Rollout]):
    """Rollouts that you may see, newest first, and what people say about them."""

    serializer_class: Any = RolloutOut
    pagination_class = NewestFirst
    query_class = AllRolloutsQuery
    queryset = Rollout.objects.none()

    def get_queryset(self) -> QuerySet[Rollout]:
        visible = Rollout.objects.visible_to(self.request.user)
        if self.action in ("list", "retrieve"):
            return officially_graded(visible)
        return visible.select_related("run__official", "episode")

    @extend_schema(responses=VerdictOut(many=True), filters=False)
    @action(detail=True, serializer_class=VerdictOut, query_class=JudgedQuery)
    def verdicts(self, request: Request, pk: str | None = None) -> Response:
        """Give every verdict of one grading, taken back ones too, as far as you may see them."""
        look, assessment = self._looked_at(request)
        if not look.is_blind:
            remember_seen(request._request, assessment.pk)
        hidden = [j.criterion.key for j in read_judged(assessment, look) if j.is_hidden]
        rows = all_verdicts(assessment).select_related("assessment__grading")
        return self._page(VerdictOut, self.narrowed(rows.exclude(criterion_key__in=hidden)))

    @extend_schema(request=wire.VerdictIn, responses={201: VerdictOut}, parameters=[BLIND, GRADING])
    @verdicts.mapping.post
    def give_verdict(self, request: Request, pk: str | None = None) -> Response:
        """Give a verdict, or agree with the one that counts."""
        look, assessment = self._looked_at(request)
        sent = _checked(wire.VerdictIn, request)
        judged = _judged(assessment, look, sent["criterion"])
        if sent["agree"]:
            verdict = _agree(assessment, judged, sent, look.user)
        else:
            unseen = judged.is_hidden and not has_seen(request._request, assessment.pk)
            verdict = _decide(assessment, judged, sent, look.user, is_blind=unseen)
        whole = all_verdicts(assessment).select_related("assessment__grading").get(pk=verdict.pk)
        return Response(VerdictOut(whole).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=wire.FailureNoteOut(many=True), filters=False)
    @action(
        detail=True,
        url_path="failure-notes",
        serializer_class=wire.FailureNoteOut,
        query_class=BlindQuery,
    )
    def failure_notes(self, request: Request, pk: str | None = None) -> Response:
        """Give what people currently say went wrong."""
        user = cast(User, request.user)
        notes = FailureNote.objects.current().filter(rollout=self.get_object())
        if is_blind(request._request) and not notes.filter(author=user).exists():
            notes = notes.none()
        return self._page(wire.FailureNoteOut, notes.select_related("author"))

    @extend_schema(request=wire.FailureNoteIn, responses={201: wire.FailureNoteOut})
    @failure_notes.mapping.post
    def give_failure_note(self, request: Request, pk: str | None = None) -> Response:
        """Say what went wrong in an attempt that failed; it replaces what you said before."""
        rollout, author = self.get_object(), cast(User, request.user)
        sent = _checked(wire.FailureNoteIn, request)
        note = note_failure(rollout.pk, Note(**sent), author=author)
        return Response(wire.FailureNoteOut(note).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @failure_notes.mapping.delete
    def take_back_failure_note(self, request: Request, pk: str | None = None) -> Response:
        """Take your note back; that, too, is kept as a fact."""
        take_back_note(self.get_object().pk, author=cast(User, request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=wire.TaskReportIn, responses={201: wire.TaskReportOut})
    @action(detail=True, methods=["post"], url_path="task-reports")
    def task_reports(self, request: Request, pk: str | None = None) -> Response:
        """Report that the task is wrong, its rubric, or one of us."""
        rollout, reporter = self.get_object(), cast(User, request.user)
        sent = _checked(wire.TaskReportIn, request)
        complaint = Complaint(**{**sent, "owner": owner_named(sent["owner"])})
        report = report_task(rollout.pk, complaint, reporter=reporter)
        return Response(wire.TaskReportOut(report).data, status=status.HTTP_201_CREATED)

    def _looked_at(self, request: Request) -> tuple[Look, Assessment]:
        rollout = self.get_object()
        named = number_in(request._request, "grading")
        is_named = "grading" in request.query_params
        wanted: Any = (
            {"grading__number": named or 0} if is_named else {"grading": rollout.run.official}
        )
        assessment = get_object_or_404(rollout.assessments.select_related("grading"), **wanted)
        look = Look(
            user=cast(User, request.user),
            run=rollout.run,
            grading=assessment.grading,
            is_blind=is_blind(request._request),
            asked={},
        )
        return look, assessment

    def _page(self, serializer: Any, rows: Any) -> Response:
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(serializer(page, many=True).data)


class VerdictViewSet(ApiView, viewsets.GenericViewSet[Verdict]):
    """Verdicts one by one."""

    serializer_class = VerdictOut
    queryset = Verdict.objects.none()

    def get_queryset(self) -> QuerySet[Verdict]:
        rollouts = Rollout.objects.visible_to(self.request.user)
        return Verdict.objects.filter(assessment__rollout__in=rollouts)

    @extend_schema(request=wire.WithdrawalIn, responses={201: WithdrawalOut})
    @action(detail=True, methods=["post"])
    def withdrawal(self, request: Request, pk: str | None = None) -> Response:
        """Take a verdict back: it stays, and counts no longer."""
        verdict, actor = self.get_object(), cast(User, request.user)
        sent = _checked(wire.WithdrawalIn, request)
        made = withdraw(verdict.pk, actor=actor, reason=sent["reason"])
        return Response(WithdrawalOut(made).data, status=status.HTTP_201_CREATED)


class TaskReportQuery(Query):
    task = text("slug of the task")
    state = one_of(TaskReport.State.values)
    fault = one_of(TaskReport.Fault.values)
    owner = text("user name of who deals with it")
    lookups = {"task": "task", "state": "state", "fault": "fault", "owner": "owner__username"}


class TaskReportViewSet(
    ApiView, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[TaskReport]
):
    """Task reports that you may see, newest first."""

    serializer_class = wire.TaskReportOut
    pagination_class = NewestFirst
    query_class = TaskReportQuery
    queryset = TaskReport.objects.none()

    def get_queryset(self) -> QuerySet[TaskReport]:
        visible = TaskReport.objects.visible_to(self.request.user)
        return visible.select_related("reporter", "owner", "rollout__run")

    @extend_schema(responses=wire.EventOut(many=True), filters=False)
    @action(detail=True, serializer_class=wire.EventOut)
    def events(self, request: Request, pk: str | None = None) -> Response:
        """Give the trail of a report: its moves and comments."""
        rows: Any = self.get_object().events.select_related("actor")
        events: Any = self.paginate_queryset(rows) or []
        return self.get_paginated_response(wire.EventOut(events, many=True).data)

    @extend_schema(request=wire.MoveIn, responses={201: wire.TaskReportOut})
    @action(detail=True, methods=["post"])
    def moves(self, request: Request, pk: str | None = None) -> Response:
        """Make one move."""
        report = self.get_object()
        sent = _checked(wire.MoveIn, request)
        moved = move_report(
            report,
            sent["action"],
            actor=cast(User, request.user),
            comment=sent["comment"],
            fixed_in=sent.get("fixed_in"),
        )
        return Response(wire.TaskReportOut(moved).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=wire.CommentIn, responses={201: wire.EventOut})
    @action(detail=True, methods=["post"])
    def comments(self, request: Request, pk: str | None = None) -> Response:
        """Add to the trail without a move."""
        report, actor = self.get_object(), cast(User, request.user)
        sent = _checked(wire.CommentIn, request)
        event = comment_on(report, actor=actor, comment=sent["comment"])
        return Response(wire.EventOut(event).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=wire.OwnerIn, responses={201: wire.TaskReportOut})
    @action(detail=True, methods=["post"])
    def assignment(self, request: Request, pk: str | None = None) -> Response:
        """Say who deals with a report."""
        found, actor = self.get_object(), cast(User, request.user)
        sent = _checked(wire.OwnerIn, request)
        report = assign_report(found, owner_named(sent["owner"]), actor=actor)
        return Response(wire.TaskReportOut(report).data, status=status.HTTP_201_CREATED)


def _checked(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def _judged(assessment: Assessment, look: Look, key: str) -> Judged:
    """Raises NotFound for a criterion that there is none of."""
    criterion_of(assessment, key)
    return next(j for j in read_judged(assessment, look) if j.criterion.key == key)


def _decide(
    assessment: Assessment, judged: Judged, sent: dict[str, Any], author: User, *, is_blind: bool
) -> Verdict:
    said = Said(
        outcome=sent["outcome"],
        reason=sent["reason"],
        evidence=[Cited(**item) for item in sent["evidence"]],
        is_authoritative=sent["authoritative"],
    )
    key = judged.criterion.key
    return record_verdict(assessment.pk, key, said, author=author, is_blind=is_blind)


def _agree(assessment: Assessment, judged: Judged, sent: dict[str, Any], author: User) -> Verdict:
    if judged.is_hidden:
        raise Conflict("you look blind: give a verdict of your own first")
    return agree(assessment.pk, judged.criterion.key, author=author, seen=sent.get("seen"))
