"""Finding what an address names, among what this person may see."""

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponseRedirect

from simulation.drafts import is_editor, may_edit
from simulation.models import World

MAX_DIGITS = 9


class SignedIn(HttpRequest):
    """A request behind login_required."""

    user: User


def visible_world(request: HttpRequest, slug: str, version: int) -> World:
    """Give the world of an address. Raises Http404 for one that this person may not see."""
    worlds = World.objects.visible_to(request.user).select_related("owner", "snapshot", "parent")
    long = ("snapshot__data", "parent__manifest", "parent__prompts")
    world = worlds.defer(*long).filter(slug=slug, version=version).first()
    if world is None:
        raise Http404
    return world


def editable_world(request: SignedIn, slug: str, version: int) -> World:
    """Give the draft of an address to somebody who may change it, else raises Http404.

    What is sent to a draft that was published meanwhile is taken, so that the service can say so
    and nothing typed is lost.
    """
    world = visible_world(request, slug, version)
    is_sent = request.method == "POST" and is_editor(request.user, world)
    if not (is_sent or may_edit(request.user, world)):
        raise Http404
    return world


def number(request: HttpRequest, name: str) -> int | None:
    """Give a whole number of the query string, None when there is none."""
    text = request.GET.get(name, "")
    is_number = text.isdecimal() and text.isascii() and len(text) <= MAX_DIGITS
    return int(text) if is_number else None


def see_other(url: str) -> HttpResponseRedirect:
    """Lead from what was sent to the page that shows it."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
