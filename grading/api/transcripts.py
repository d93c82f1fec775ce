"""Transcripts of graded runs over REST: one file of lines that can be resumed."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from grading.api.filters import RolloutFilter
from grading.models import Run
from grading.people.look import is_blind
from grading.scopes import Scope
from grading.transcripts import FORMS
from grading.transcripts.reading import Wanted
from grading.transcripts.writing import MEDIA_TYPE, transcripts_file
from simulation.downloads import download
from simulation.errors import Conflict
from simulation.rest.queries import moment
from simulation.rest.scopes import TRAIN
from simulation.rest.views import ApiView


class TranscriptsQuery(RolloutFilter):
    """Of one run, or of all that count; then the filter of a run's page."""

    form = serializers.ChoiceField([*FORMS], default="openai")
    run = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    settled_since = moment("graded, or ended without a grade, at that time or later")


class TranscriptsView(ApiView, APIView):
    """What agents did and what they got for it, one JSON object a line."""

    read_scope = TRAIN
    throttle_scope = "download"
    query_class = TranscriptsQuery

    @extend_schema(
        operation_id="transcripts",
        parameters=[TranscriptsQuery, OpenApiParameter("Range", str, OpenApiParameter.HEADER)],
        responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY, (206, MEDIA_TYPE): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Give the rollouts that are over and that you may see. `mask` is true where one has no
        reward: an infrastructure failure, or a grading that is not complete."""
        if is_blind(request._request):
            raise Conflict("you look blind: transcripts show verdicts; look with open eyes first")
        asked = self.asked(request)
        form, run = asked.pop("form"), asked.pop("run", None)
        since = asked.pop("settled_since", None)
        if run is not None:
            get_object_or_404(Run.objects.visible_to(request.user), pk=run)
        wanted = Wanted(run=run, scope=Scope(**asked), settled_since=since)
        file = transcripts_file(request.user, wanted, form)
        return download(
            request._request,
            file.path,
            name=file.name,
            media_type=file.media_type,
            sha256=file.sha256,
        )

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Let whoever asks for lines have them; errors are JSON all the same."""
        return super().perform_content_negotiation(request, force=True)
