"""Worlds over REST: to read, to take along as a zip, and to bring in."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import parsers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from simulation.errors import InvalidArgument
from simulation.models import World
from simulation.portability.archive import read_archive
from simulation.portability.download import archive_response
from simulation.portability.imports import check_may_import, import_parcel
from simulation.portability.limits import MAX_ARCHIVE
from simulation.portability.parcel import read_parcel
from simulation.portability.plan import plan_import
from simulation.portability.uploads import TOO_LARGE, received_archive
from simulation.rest.pages import NewestFirst
from simulation.rest.queries import Query, one_of, text
from simulation.rest.scopes import AUTHOR
from simulation.rest.views import ApiView
from simulation.world_wire import NAME, ImportForm, ImportOptions, PreviewOut, WorldOut, preview

IN_NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="SLUG@VERSION")


class ZipParser(parsers.BaseParser):
    """A zip file as the whole body."""

    media_type = "application/zip"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> "parsers.DataAndFiles[Any, Any]":
        data = stream.read(MAX_ARCHIVE + 1)
        if len(data) > MAX_ARCHIVE:
            raise InvalidArgument(TOO_LARGE, field="archive")
        file = SimpleUploadedFile("world.zip", data, content_type=self.media_type)
        return parsers.DataAndFiles(QueryDict(), MultiValueDict({"archive": [file]}))


class WorldQuery(Query):
    status = one_of(World.Status.values)
    slug = text("of all versions")
    environment = text("the company: corecraft")
    lookups = {"status": "status", "slug": "slug", "environment": "environment"}


@extend_schema_view(retrieve=extend_schema(parameters=[IN_NAME]))
class WorldViewSet(ApiView, viewsets.ReadOnlyModelViewSet[World]):
    """Worlds: published ones for everybody, drafts for their owner, reviewers and admins."""

    serializer_class = WorldOut
    pagination_class = NewestFirst
    query_class = WorldQuery
    parser_classes = [parsers.MultiPartParser, ZipParser]
    queryset = World.objects.none()
    lookup_field = "name"
    lookup_value_regex = NAME
    write_scope = AUTHOR

    def get_queryset(self) -> QuerySet[World]:
        worlds = World.objects.visible_to(self.request.user)
        with_others = worlds.select_related("owner", "snapshot", "parent")
        return with_others.defer(
            "snapshot__data", "manifest", "parent__manifest", "parent__prompts"
        )

    def get_object(self) -> World:
        slug, _, version = self.kwargs["name"].rpartition("@")
        world = self.get_queryset().filter(slug=slug, version=int(version)).first()
        if world is None:
            raise Http404
        return world

    @extend_schema(
        parameters=[IN_NAME],
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="the same as the ETag says"),
        },
    )
    @action(detail=True, pagination_class=None, takes_fields=False, throttle_scope="download")
    def export(self, request: Request, name: str = "") -> HttpResponseBase:
        """Give the world as a zip: the same bytes for the same world."""
        return archive_response(request._request, self.get_object())

    @extend_schema(
        parameters=[ImportOptions],
        request={"multipart/form-data": ImportForm, "application/zip": OpenApiTypes.BINARY},
        responses={200: PreviewOut, 201: WorldOut},
    )
    @action(detail=False, methods=["post"], url_path="import", url_name="import")
    def bring_in(self, request: Request) -> Response:
        """Make a world of a zip, whole or not at all; `dry_run` previews it."""
        check_may_import(request.user)
        options = _options(request)
        _, data = received_archive(request._request, request.FILES.getlist("archive"))
        parcel = read_parcel(read_archive(data), options)
        if options["dry_run"]:
            return Response(preview(plan_import(parcel)).data)
        owner = cast(User, request.user)
        world = import_parcel(parcel, owner=owner, publish=not options["draft"])
        return Response(WorldOut(world).data, status=status.HTTP_201_CREATED)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Let whoever asks for a zip have it; errors are JSON all the same."""
        return super().perform_content_negotiation(request, force=force or self.action == "export")


def _options(request: Request) -> dict[str, Any]:
    """Read the options of form and address; one that is not known may be a wish misspelt."""
    given = {**request.query_params.dict(), **_form(cast(Any, request.data))}
    if unknown := sorted(given.keys() - ImportOptions().fields.keys()):
        allowed = ", ".join(ImportOptions().fields)
        raise InvalidArgument(
            f"there is no option {unknown[0]!r}; there are {allowed}", field=unknown[0]
        )
    options = ImportOptions(data=given)
    options.is_valid(raise_exception=True)
    checked: dict[str, Any] = dict(options.validated_data)
    return checked


def _form(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "archive"}
