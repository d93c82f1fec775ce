"""Frozen versions of packs over REST: to freeze one, to read it, and to take it along."""

from typing import Any, ClassVar, cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.api.pack_rows import InSlugOrder, NewestNumber, entry_rows
from authoring.api.pack_wire import ChangesOut, FreezeIn, PackTaskOut, PackVersionOut
from authoring.exports.artifacts import artifact_of
from authoring.models import Pack, PackVersion
from authoring.packs.changes import changes_between
from authoring.packs.checking import PATIENCE
from authoring.packs.freezing import freeze_pack
from simulation.downloads import download
from simulation.rest.queries import Query
from simulation.rest.scopes import AUTHOR, TRAIN
from simulation.rest.views import ApiViewSet
from simulation.roles import sees_held_out

MOST = 2**31 - 1
IN_PACK = OpenApiParameter("pack", str, OpenApiParameter.PATH, description="slug of the pack")
IN_NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH)


class ChangesQuery(Query):
    since = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST,
        help_text="number of the version to compare with, 0 for none; left out: the one before",
    )  # fmt: skip


class ExportQuery(Query):
    format = serializers.CharField(max_length=80, help_text="such as bundle")


@extend_schema(parameters=[IN_PACK])
class PackVersionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Frozen versions of a pack, newest first."""

    serializer_class = PackVersionOut
    pagination_class = NewestNumber
    queryset = PackVersion.objects.none()
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,9}"
    write_scope = AUTHOR
    action_scopes: ClassVar = {"export": TRAIN}
    takes_fields: ClassVar[bool] = True
    throttle_scope: ClassVar[str] = "api"

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def get_queryset(self) -> QuerySet[PackVersion]:
        versions = PackVersion.objects.visible_to(self.request.user)
        versions = versions.filter(pack__slug=self.kwargs.get("pack", ""))
        found = versions.select_related("pack", "frozen_by").defer("changelog")
        return cast("QuerySet[PackVersion]", found)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self._pack()
        return super().list(request, *args, **kwargs)

    @extend_schema(request=FreezeIn, responses={201: PackVersionOut})
    def create(self, request: Request, pack: str) -> Response:
        """Freeze what is put together as the next version; its tasks get their splits for life."""
        sent = FreezeIn(data=request.data)
        sent.is_valid(raise_exception=True)
        notes = sent.validated_data["notes"]
        version = freeze_pack(self._pack(), by=self.person, notes=notes, seconds=PATIENCE)
        return Response(PackVersionOut(version).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[IN_NUMBER], responses={200: PackTaskOut(many=True)})
    @action(detail=True, serializer_class=PackTaskOut, pagination_class=InSlugOrder)
    def entries(self, request: Request, pack: str = "", number: str = "") -> Response:
        """List the entries of a version, as far as you may see them."""
        rows = self.paginate_queryset(entry_rows(self.get_object(), self.person))
        return self.get_paginated_response(PackTaskOut(rows, many=True).data)

    @extend_schema(parameters=[IN_NUMBER, ChangesQuery], responses={200: ChangesOut})
    @action(detail=True, query_class=ChangesQuery, pagination_class=None)
    def changes(self, request: Request, pack: str = "", number: str = "") -> Response:
        """Compare with another version, task by task, the one before unless asked otherwise."""
        new = self.get_object()
        old = self._compared_with(new, self.asked(request).get("since"))
        said = {
            "since": old.number if old else None,
            "number": new.number,
            "changes": changes_between(old, new, by=self.person),
        }
        return Response(ChangesOut(said).data)

    @extend_schema(
        parameters=[IN_NUMBER, ExportQuery],
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            (206, "application/zip"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="the same as the ETag says"),
        },
    )
    @action(
        detail=True,
        query_class=ExportQuery,
        takes_fields=False,
        throttle_scope="download",
        pagination_class=None,
    )
    def export(self, request: Request, pack: str = "", number: str = "") -> HttpResponseBase:
        """Give a version in a format: the same bytes every time, held-out content only to those
        who may see it."""
        version, form = self.get_object(), self.asked(request)["format"]
        made = artifact_of(version, form, with_held_out=sees_held_out(self.person))
        return download(
            request._request,
            made.path,
            name=made.name,
            media_type=made.media_type,
            sha256=made.sha256,
        )

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Let `format` name one of exports; errors are JSON all the same."""
        return super().perform_content_negotiation(request, force=force or self.action == "export")

    def _pack(self) -> Pack:
        packs = Pack.objects.visible_to(self.request.user)
        pack: Pack = get_object_or_404(packs, slug=self.kwargs["pack"])
        return pack

    def _compared_with(self, new: PackVersion, since: int | None) -> PackVersion | None:
        """Raises Http404 for a version that there is not."""
        if since is None:
            return self.get_queryset().filter(number__lt=new.number).order_by("-number").first()
        return get_object_or_404(self.get_queryset(), number=since) if since else None
