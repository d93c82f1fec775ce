"""Checking a world, and publishing a draft."""

import time

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from simulation.addresses import world_url
from simulation.browser.links import Links, links_to
from simulation.editing.checking import check_page, publish_page
from simulation.errors import Conflict, GymError
from simulation.models import World
from simulation.views.lookup import SignedIn, editable_world, see_other, visible_world
from simulation.views.worlds import sees_noise, siblings
from simulation.worlds import check_world, publish_world


@login_required
@require_safe
def check(request: SignedIn, slug: str, version: int) -> HttpResponse:
    """Show what rules say of a world, and how much of what tasks need is in it."""
    links = links_to(visible_world(request, slug, version), request.user)
    begun = time.perf_counter()
    report = check_world(links.world)
    took = (time.perf_counter() - begun) * 1000
    only = request.GET.get("rule", "")
    if only and only not in {rule.name for rule in report.rules}:
        raise Http404
    page = check_page(links, report, sees_noise=sees_noise(request), took=took, only=only)
    return render(request, "simulation/check.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedIn, slug: str, version: int) -> HttpResponse:
    """Show what would be frozen; POST freezes it, if it is still what was shown."""
    links = links_to(editable_world(request, slug, version), request.user)
    if request.method != "POST":
        return _show(request, links)
    try:
        published = publish_world(links.world, seen=_seen(request))
    except GymError as error:
        return _refused(request, links, error)
    messages.success(request, f"{published} is published: agents can use it, and it never changes.")
    return see_other(world_url(published))


def _refused(request: SignedIn, links: Links, error: GymError) -> HttpResponse:
    links.world.refresh_from_db()
    if not links.world.is_draft:
        messages.info(request, f"{links.world} is published already.")
        return see_other(world_url(links.world))
    status = error.status if isinstance(error, Conflict) else 422
    again = links_to(links.world, request.user)
    return _show(request, again, refusals=error.message.splitlines(), status=status)


def _show(
    request: SignedIn, links: Links, *, refusals: list[str] | None = None, status: int = 200
) -> HttpResponse:
    versions = siblings(request, links.world.slug)
    page = publish_page(links, check_world(links.world), _newest(versions), refusals=refusals or ())
    return render(request, "simulation/publish.html", {"page": page}, status=status)


def _newest(versions: list[World]) -> World | None:
    return next((each for each in versions if not each.is_draft), None)


def _seen(request: SignedIn) -> int:
    """Give the number of edits that were looked at; none is that of no world."""
    text = request.POST.get("edits", "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else -1
