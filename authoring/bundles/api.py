"""Bringing a bundle in over REST."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authoring.bundles.importing import gate_problems, import_bundle
from authoring.bundles.permission import check_may_import_this, may_import
from authoring.bundles.plan import plan_import
from authoring.bundles.reading import bundle_files, read_bundle
from authoring.bundles.uploads import FIELD, received_bundle
from authoring.bundles.wire import BundleForm, ImportQuery, PackImportOut, plan_out
from simulation.rest.scopes import AUTHOR
from simulation.rest.views import ApiView
from simulation.world_api import ZipParser


class PackImportView(ApiView, APIView):
    parser_classes = [parsers.MultiPartParser, ZipParser]
    read_scope = write_scope = AUTHOR
    query_class = ImportQuery

    @extend_schema(
        operation_id="packs_import",
        parameters=[ImportQuery],
        request={"multipart/form-data": BundleForm, "application/zip": OpenApiTypes.BINARY},
        responses={200: PackImportOut, 201: PackImportOut},
    )
    def post(self, request: Request) -> Response:
        """Bring a bundle in, whole or not at all; `dry_run` says what would happen.

        200 where nothing was written: with `dry_run`, and where all of it was here already.
        """
        owner = cast(User, request.user)
        if not may_import(owner):
            raise Http404
        asked = self.asked(request)
        bundle = read_bundle(bundle_files(_received(request)))
        choice: dict[str, Any] = {"approve": asked["approve"], "slug": asked["slug"]}
        check_may_import_this(bundle, owner, approve=asked["approve"])
        plan = plan_import(bundle, by=owner, **choice)
        if asked["dry_run"]:
            gates = gate_problems(bundle) if asked["approve"] else ()
            found = (*plan.problems, *gates)
            return Response(plan_out(plan, problems=found, imported=False))
        done = import_bundle(bundle, owner=owner, **choice)
        code = status.HTTP_201_CREATED if done.adds else status.HTTP_200_OK
        return Response(plan_out(plan, problems=(), imported=done.adds), status=code)


def _received(request: Request) -> bytes:
    """Parse the body, which Django's own request does not know in every form."""
    _, data = received_bundle(request._request, request.FILES.getlist(FIELD))
    return data
