"""Dry runs over REST: started, read, cancelled, and what no rule decides decided."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.access import TaskLook
from authoring.api.dry_run_wire import (
    DecisionIn,
    DryRunDetailOut,
    DryRunIn,
    DryRunOut,
    dry_run_body,
    dry_run_row,
)
from authoring.api.parts import PK, SLUG, TaskPartViewSet
from authoring.dry_runs.deciding import decidable, reference_of
from authoring.dry_runs.decisions import decide
from authoring.dry_runs.results import Result, read_result, tried_in
from authoring.dry_runs.starting import cancel_dry_run, dry_runs_of, start_dry_run
from authoring.models import DryRun
from authoring.mutants.judges import named_judge
from grading.people.look import remember_seen
from grading.people.verdicts import Said
from simulation.rest.pages import NewestFirst


@extend_schema(parameters=[SLUG])
class DryRunListViewSet(TaskPartViewSet):
    """The dry runs of a task, for its author, reviewers and admins."""

    pagination_class = NewestFirst
    queryset = DryRun.objects.none()
    serializer_class = DryRunOut

    def get_queryset(self) -> QuerySet[DryRun]:
        return dry_runs_of(self.look_at_draft().task)

    @extend_schema(responses=DryRunOut(many=True), filters=False)
    def list(self, request: Request, slug: str) -> Response:
        """Give dry runs in a line each, newest first."""
        look = self.look_at_draft()
        page = self.paginate_queryset(dry_runs_of(look.task)) or []
        tried = tried_in(page) if page else {}
        rows = [dry_run_row(look, each, tried[each.run_id]) for each in page]
        return self.get_paginated_response(DryRunOut(rows, many=True).data)

    @extend_schema(request=DryRunIn, responses={202: DryRunDetailOut})
    def create(self, request: Request, slug: str) -> Response:
        """Try the draft; a dry run of the same content that is under way is given instead."""
        look = self.look_at_draft()
        sent = self.sent(DryRunIn)
        judge = named_judge(sent["judge"])
        dry_run = start_dry_run(
            look.task, by=self.person, judge=judge, with_mutants=sent["mutants"]
        )
        body = dry_run_body(look, _read(look, dry_run.pk))
        return Response(DryRunDetailOut(body).data, status=status.HTTP_202_ACCEPTED)


@extend_schema(parameters=[SLUG, PK])
class DryRunViewSet(TaskPartViewSet):
    """One dry run."""

    @extend_schema(responses=DryRunDetailOut)
    def retrieve(self, request: Request, slug: str, pk: str) -> Response:
        """Give what each agent got, criterion by criterion, and what people have to decide."""
        look = self.look_at_draft()
        result = _read(look, int(pk))
        _remember(request, look, result)
        return Response(DryRunDetailOut(dry_run_body(look, result)).data)

    @extend_schema(request=None, responses=DryRunDetailOut)
    def cancel(self, request: Request, slug: str, pk: str) -> Response:
        """End what has not ended of it; doing it twice is no fault."""
        look = self.look_at_draft()
        cancel_dry_run(_read(look, int(pk)).dry_run)
        body = dry_run_body(look, _read(look, int(pk)))
        return Response(DryRunDetailOut(body).data)

    @extend_schema(request=DecisionIn, responses=DryRunDetailOut)
    def decide(self, request: Request, slug: str, pk: str) -> Response:
        """Decide a criterion on the reference; the author and who may not approve do not find
        it."""
        look = self.look_at_draft()
        result = _read(look, int(pk))
        sent = self.sent(DecisionIn)
        criterion = decidable(look, result, sent["criterion"])
        said = Said(outcome=sent["outcome"], reason=sent["reason"], is_authoritative=True)
        decide(reference_of(result), criterion.key, said, dry_run=result.dry_run, by=self.person)
        body = dry_run_body(look, _read(look, int(pk)))
        return Response(DryRunDetailOut(body).data)


def _read(look: TaskLook, pk: int) -> Result:
    dry_run = get_object_or_404(dry_runs_of(look.task), pk=pk)
    dry_run.task = dry_run.revision.task = look.task
    return read_result(dry_run)


def _remember(request: Request, look: TaskLook, result: Result) -> None:
    """Whoever gives a verdict blind later on has seen these all the same."""
    if look.hides_reference:
        return
    for tried in result.tried:
        if tried.assessment and tried.agent in result.verdicts:
            remember_seen(request._request, tried.assessment)
