"""The screen of a conflict: what two people wrote, side by side, and which of it shall stay."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from authoring.access import TaskLook
from authoring.drafts.saving import DraftConflict


def conflict_page(request: HttpRequest, look: TaskLook, conflict: DraftConflict) -> HttpResponse:
    """Show both sides of every part; nothing was saved, and nothing is lost."""
    context = {"look": look, "conflict": conflict}
    return render(request, "authoring/conflict.html", context, status=409)
