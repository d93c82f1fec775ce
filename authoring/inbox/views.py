"""The inbox: what a person was told of."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from authoring.inbox.reading import inbox_page, open_item, read_all
from authoring.models import InboxItem
from simulation.views.lookup import SignedIn, number, see_other
from simulation.wording import counted


@login_required
@require_safe
def inbox(request: SignedIn) -> HttpResponse:
    page = inbox_page(request.user, page=number(request, "page") or 1)
    return render(request, "authoring/inbox.html", {"page": page})


@login_required
@require_safe
def open_news(request: SignedIn, pk: int) -> HttpResponse:
    """Lead to what somebody is told of; from then on it is read."""
    item = get_object_or_404(InboxItem.objects.visible_to(request.user), pk=pk)
    return see_other(open_item(item))


@login_required
@require_POST
def mark_all(request: SignedIn) -> HttpResponse:
    read = read_all(request.user)
    messages.success(request, f"{counted(read, 'item')} marked as read.")
    return see_other(reverse("inbox:inbox"))
