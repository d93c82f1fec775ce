"""The list of tasks."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authoring.models import Task
from simulation.views.lookup import SignedIn


@login_required
@require_safe
def tasks(request: SignedIn) -> HttpResponse:
    found = Task.objects.visible_to(request.user)
    return render(request, "authoring/tasks.html", {"tasks": found})
