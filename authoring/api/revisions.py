"""Revisions over REST: listed, read, compared, named, brought back."""

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.access import TaskLook
from authoring.api.draft_wire import DraftOut, draft_body
from authoring.api.parts import NUMBER, SLUG, TaskPartViewSet
from authoring.api.revision_wire import (
    DifferencesOut,
    NameIn,
    RevisionDetailOut,
    RevisionOut,
    differences_body,
    revision_body,
)
from authoring.api.shown import comparable_content
from authoring.history.differences import compare
from authoring.history.revisions import find_version, name_draft, restore, revisions_for
from authoring.models import Revision
from simulation.errors import InvalidArgument
from simulation.rest.pages import NewestFirst


@extend_schema(parameters=[SLUG])
class RevisionListViewSet(TaskPartViewSet):
    """Revisions that you may see: all for those who see the draft, else what was approved."""

    pagination_class = NewestFirst
    queryset = Revision.objects.none()
    serializer_class = RevisionOut

    def get_queryset(self) -> QuerySet[Revision]:
        return revisions_for(self.look_at_rubric()).defer("content")

    @extend_schema(responses=RevisionOut(many=True), filters=False)
    def list(self, request: Request, slug: str) -> Response:
        """Give revisions without their content, newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(RevisionOut(page, many=True).data)

    @extend_schema(request=NameIn, responses={201: RevisionDetailOut})
    def create(self, request: Request, slug: str) -> Response:
        """Keep the draft as it is under a name."""
        look = self.edit()
        revision = name_draft(look.task, self.sent(NameIn)["name"], by=self.person)
        return Response(revision_body(look, revision), status=status.HTTP_201_CREATED)


@extend_schema(parameters=[SLUG, NUMBER])
class RevisionViewSet(TaskPartViewSet):
    """One revision."""

    @extend_schema(responses=RevisionDetailOut)
    def retrieve(self, request: Request, slug: str, number: str) -> Response:
        """Give a revision with its content."""
        look = self.look_at_rubric()
        body = revision_body(look, self._revision(look))
        return Response(body)

    @extend_schema(responses=DifferencesOut)
    def differences(self, request: Request, slug: str, number: str) -> Response:
        """Give what differs from an older revision, from the draft, or from the one before."""
        look = self.look_at_rubric()
        after = self._revision(look)
        asked = self._older(look, after)
        before = find_version(look, asked).content
        contents = (comparable_content(look, each) for each in (before, after.draft_value))
        body = differences_body(look, asked, number, compare(*contents))
        return Response(DifferencesOut(body).data)

    @extend_schema(request=None, responses=DraftOut)
    def restore(self, request: Request, slug: str, number: str) -> Response:
        """Make the draft what a revision says; what it said before is kept as a revision."""
        look = self.edit()
        draft = restore(look.task, self._revision(look), by=self.person)
        return Response(DraftOut(draft_body(look, draft)).data)

    def _revision(self, look: TaskLook) -> Revision:
        found = find_version(look, self.kwargs["number"]).revision
        if found is None:
            raise Http404
        return found

    def _older(self, look: TaskLook, revision: Revision) -> str:
        if asked := self.asked(self.request).get("from"):
            return str(asked)
        before = revisions_for(look).filter(number__lt=revision.number)
        number = before.values_list("number", flat=True).first()
        if number is None:
            raise InvalidArgument(f"{revision} is the first: say ?from=", field="from")
        return str(number)
