"""Finding what an address names, among what this person may see."""

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest

from simulation.models import World

MAX_DIGITS = 9


class SignedIn(HttpRequest):
    """A request behind login_required."""

    user: User


def visible_world(request: HttpRequest, slug: str, version: int) -> World:
    """Give the world of an address. Raises Http404 for one that this person may not see."""
    worlds = World.objects.visible_to(request.user).select_related("owner", "snapshot", "parent")
    world = worlds.defer("snapshot__data").filter(slug=slug, version=version).first()
    if world is None:
        raise Http404
    return world


def number(request: HttpRequest, name: str) -> int | None:
    """Give a whole number of the query string, None when there is none."""
    text = request.GET.get(name, "")
    is_number = text.isdecimal() and text.isascii() and len(text) <= MAX_DIGITS
    return int(text) if is_number else None
