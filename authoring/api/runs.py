"""Launching runs over REST, at the address where they are listed."""

from typing import Any, cast

from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.api.launch_wire import LaunchIn, LaunchOut, launch_out
from authoring.launching.estimating import estimate
from authoring.launching.resolving import check_may_launch, resolve
from authoring.launching.service import launch_found
from authoring.launching.wish import read_wish
from grading.api.runs import RunViewSet


class LaunchViewSet(RunViewSet):
    """Runs that you may see, newest first; runners and admins launch them."""

    @extend_schema(request=LaunchIn, responses={201: LaunchOut, 200: LaunchOut})
    def create(self, request: Request) -> Response:
        """Launch a run, or with dry_run say what it would be and take: 200, nothing is stored."""
        person = cast(User, request.user)
        check_may_launch(person)
        sent = LaunchIn(data=request.data)
        sent.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(sent.validated_data)
        is_dry = given.pop("dry_run", False)
        found = resolve(read_wish(given), person)
        if is_dry:
            return Response(launch_out(found, estimate=estimate(found)))
        run = launch_found(found, by=person)
        shown = self.get_queryset().filter(pk=run.pk).first()
        return Response(launch_out(found, run=shown), status=status.HTTP_201_CREATED)
