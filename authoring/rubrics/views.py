"""The tab Rubric of a task."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authoring.access import look_at_rubric
from authoring.editor.frame import frame_for
from simulation.views.lookup import SignedIn


@login_required
@require_safe
def page(request: SignedIn, slug: str) -> HttpResponse:
    look = look_at_rubric(request.user, slug)
    context = {"frame": frame_for(request, look, "rubric")}
    return render(request, "authoring/rubric.html", context)
