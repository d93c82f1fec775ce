"""The difference between two versions of a world."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from simulation.browser.changes_page import Narrowing, changes_page
from simulation.browser.head import world_head
from simulation.differences import OPERATIONS
from simulation.models import World
from simulation.views.lookup import visible_world
from simulation.views.worlds import siblings


@login_required
@require_safe
def changes(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    world = visible_world(request, slug, version)
    versions = siblings(request, slug)
    other = _other(world, versions, request.GET.get("with", ""))
    head = world_head(world, "Changes", person=request.user)
    page = changes_page(world, versions, other, _narrowing(request, world), head=head)
    return render(request, "simulation/changes.html", {"page": page})


def _other(world: World, versions: Sequence[World], wanted: str) -> World | None:
    """Find the version that is asked for; without one, the parent or the next older version.

    Raises Http404 for a version that is not there or that this person may not see.
    """
    if wanted:
        found = [each for each in versions if str(each.version) == wanted]
        if not found:
            raise Http404
        return found[0]
    parent = [each for each in versions if each.pk == world.parent_id]
    older = [each for each in versions if each.version < world.version]
    newer = [each for each in versions if each.version > world.version]
    return next(iter([*parent, *older, *reversed(newer)]), None)


def _narrowing(request: HttpRequest, world: World) -> Narrowing:
    kind, operation = request.GET.get("kind", ""), request.GET.get("operation", "")
    page = request.GET.get("page", "")
    is_number = page.isdecimal() and page.isascii() and len(page) < 7
    return Narrowing(
        kind=kind if kind in world.company.entity_types else "",
        operation=operation if operation in OPERATIONS else "",
        page=max(1, int(page)) if is_number else 1,
    )
