"""Packs over REST: to make them, to put their next version together and to check it."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.api.pack_rows import InSlugOrder, composition_rows
from authoring.api.pack_wire import (
    AddedOut,
    AddIn,
    ChangedOut,
    CheckOut,
    NewerIn,
    NewerOut,
    PackChanges,
    PackIn,
    PackOut,
    PackTaskOut,
    RemovedOut,
    SlugsIn,
    asked_of,
)
from authoring.models import Pack, PackTask, PackVersion
from authoring.packs.checking import PATIENCE, check_pack
from authoring.packs.composing import (
    add_tasks,
    change_pack,
    create_pack,
    matching,
    newer_revisions,
    remove_tasks,
    take_newer,
)
from simulation.rest.pages import NewestFirst
from simulation.rest.scopes import AUTHOR
from simulation.rest.views import ApiViewSet

NAME = "[-a-zA-Z0-9_]+"


class PackViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Packs: everybody with a role reads them; their owner and admins change them."""

    serializer_class = PackOut
    pagination_class = NewestFirst
    queryset = Pack.objects.none()
    lookup_field = "slug"
    lookup_value_regex = NAME
    write_scope = AUTHOR

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def get_queryset(self) -> QuerySet[Pack]:
        packs = Pack.objects.visible_to(self.request.user).select_related("owner")
        return cast("QuerySet[Pack]", _counted(packs))

    @extend_schema(request=PackIn, responses={201: PackOut})
    def create(self, request: Request) -> Response:
        """Make an empty pack."""
        given = _read(PackIn, request)
        pack = create_pack(by=self.person, **given)
        return Response(self._said(pack), status=status.HTTP_201_CREATED)

    @extend_schema(request=PackChanges, responses={200: PackOut})
    def partial_update(self, request: Request, slug: str = "") -> Response:
        """Change what the next version says."""
        pack = self._pack(slug)
        return Response(self._said(change_pack(pack, _read(PackChanges, request), by=self.person)))

    @extend_schema(responses={200: PackTaskOut(many=True)})
    @action(detail=True, serializer_class=PackTaskOut, pagination_class=InSlugOrder)
    def tasks(self, request: Request, slug: str = "") -> Response:
        """List what is put together, as far as you may see it."""
        rows = self.paginate_queryset(composition_rows(self._pack(slug), self.person))
        return self.get_paginated_response(PackTaskOut(rows, many=True).data)

    @extend_schema(request=AddIn, responses={200: AddedOut})
    @tasks.mapping.post
    def add(self, request: Request, slug: str = "") -> Response:
        """Add approved tasks, by their slugs or all that a filter finds."""
        pack, given = self._pack(slug), _read(AddIn, request)
        slugs = given.get("slugs")
        if slugs is None:
            slugs = [task.slug for task in matching(self.person, asked_of(given["filter"]))]
        return Response(AddedOut(add_tasks(pack, slugs, by=self.person)).data)

    @extend_schema(request=SlugsIn, responses={200: RemovedOut})
    @tasks.mapping.delete
    def take_out(self, request: Request, slug: str = "") -> Response:
        """Take tasks out of the next version, by their slugs in the body."""
        pack, given = self._pack(slug), _read(SlugsIn, request)
        removed = remove_tasks(pack, given["slugs"], by=self.person)
        return Response(RemovedOut({"removed": removed}).data)

    @extend_schema(responses={200: CheckOut})
    @action(detail=True, serializer_class=CheckOut, pagination_class=None)
    def check(self, request: Request, slug: str = "") -> Response:
        """Check the next version. What is held out is counted for those who may not see it.

        Tasks that were never played here are played for some seconds; ask again while any waits.
        """
        report = check_pack(self._pack(slug), by=self.person, seconds=PATIENCE)
        return Response(CheckOut(report).data)

    @extend_schema(responses={200: NewerOut(many=True)})
    @action(detail=True, serializer_class=NewerOut, pagination_class=None)
    def newer(self, request: Request, slug: str = "") -> Response:
        """List the tasks that have a newer approved revision than the one that is chosen."""
        found = newer_revisions(self._pack(slug), by=self.person)
        return Response(NewerOut(found, many=True).data)

    @extend_schema(request=NewerIn, responses={200: ChangedOut})
    @newer.mapping.post
    def take_newer(self, request: Request, slug: str = "") -> Response:
        """Choose the approved revisions of these tasks, or of all."""
        pack, given = self._pack(slug), _read(NewerIn, request)
        changed = take_newer(pack, by=self.person, slugs=given.get("slugs"))
        return Response(ChangedOut({"changed": changed}).data)

    def _pack(self, slug: str) -> Pack:
        pack: Pack = get_object_or_404(Pack.objects.visible_to(self.request.user), slug=slug)
        return pack

    def _said(self, pack: Pack) -> Any:
        return PackOut(self.get_queryset().get(pk=pack.pk)).data


def _read(body: Any, request: Request) -> dict[str, Any]:
    sent = body(data=request.data)
    sent.is_valid(raise_exception=True)
    read: dict[str, Any] = dict(sent.validated_data)
    return read


def _counted(packs: Any) -> Any:
    tasks = PackTask.objects.filter(pack=OuterRef("pk")).order_by().values("pack")
    newest = PackVersion.objects.filter(pack=OuterRef("pk")).order_by("-number")
    return packs.annotate(
        task_count=Coalesce(Subquery(tasks.annotate(count=Count("pk")).values("count")), 0),
        newest_number=Subquery(newest.values("number")[:1]),
    )
