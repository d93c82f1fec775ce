"""The list of worlds and the home of one."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from simulation.addresses import world_url
from simulation.browser.links import links_to
from simulation.browser.worlds_page import world_page, worlds_page
from simulation.models import World
from simulation.models.worlds import WorldQuerySet
from simulation.roles import ADMIN, AUTHOR, TASK_READERS, has_role
from simulation.views.lookup import visible_world


@login_required
@require_safe
def worlds(request: HttpRequest) -> HttpResponse:
    can_import = has_role(request.user, AUTHOR, ADMIN)
    import_url = reverse("simulation:import") if can_import else ""
    page = worlds_page(list(_visible(request).newest_first()), import_url=import_url)
    return render(request, "simulation/worlds.html", {"page": page})


@login_required
@require_safe
def newest(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the newest version that is published, or to the newest draft."""
    versions = _visible(request).filter(slug=slug)
    found = versions.order_by("-status", "-version").first()
    if found is None:
        raise Http404
    return redirect(world_url(found))


@login_required
@require_safe
def world(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    found = visible_world(request, slug, version)
    page = world_page(
        links_to(found, request.user), siblings(request, slug), sees_noise=sees_noise(request)
    )
    return render(request, "simulation/world.html", {"page": page})


def siblings(request: HttpRequest, slug: str) -> list[World]:
    """Give all versions of a world that this person may see, newest first."""
    return list(_visible(request).filter(slug=slug).newest_first())


def sees_noise(request: HttpRequest) -> bool:
    """Tell whether a person may know what is untidy on purpose: it gives tasks away."""
    return has_role(request.user, *TASK_READERS)


def _visible(request: HttpRequest) -> WorldQuerySet:
    worlds = World.objects.visible_to(request.user).select_related("owner", "snapshot", "parent")
    return worlds.defer("snapshot__data", "manifest", "prompts")
