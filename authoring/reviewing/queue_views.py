"""The queue of reviews."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authoring.reviewing.queue import queue_page
from simulation.views.lookup import SignedIn, number


@login_required
@require_safe
def queue(request: SignedIn) -> HttpResponse:
    which, page = request.GET.get("which", ""), number(request, "page") or 1
    context = {"page": queue_page(request.user, which=which, page=page)}
    return render(request, "authoring/reviews.html", context)
