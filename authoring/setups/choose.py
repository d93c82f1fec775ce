"""Adding a row to a task, seen from the row: the own tasks to which it can be added."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authoring.models import Draft, Task
from authoring.setups.finding import actions, named_row
from authoring.setups.pages import ChoosePage, ChooseTask
from simulation.browser.links import Links, links_to
from simulation.entities import EntityType
from simulation.models import World
from simulation.roles import ADMIN, AUTHOR, has_role
from simulation.views.lookup import MAX_DIGITS, SignedIn, visible_world

MOST = 200


@login_required
@require_safe
def choose(request: SignedIn) -> HttpResponse:
    """Choose one of one's own tasks. The address names the row and its world."""
    if not has_role(request.user, AUTHOR, ADMIN):
        raise Http404
    world = _world(request, request.GET.get("world", ""))
    links = links_to(world)
    found = named_row(links, request.GET.get("row", ""))
    if found is None:
        raise Http404
    page = choose_page(request.user, links, found[0], found[1]["id"])
    return render(request, "authoring/add_row.html", {"page": page})


def choose_page(user: User, links: Links, kind: EntityType, key: str) -> ChoosePage:
    """Admins may change every task, and are offered their own all the same."""
    own = Task.objects.visible_to(user).filter(owner=user, is_retired=False)
    drafts = Draft.objects.filter(task__in=own)
    written = drafts.order_by("-updated_at").values_list(
        "task__slug", "content__title", "content__world"
    )
    rows = list(written[:MOST])
    here = [(slug, title) for slug, title, world in rows if world == str(links.world)]
    return ChoosePage(
        world=str(links.world),
        link=links.row(kind.name, key),
        kind=kind.label,
        tasks=tuple(
            ChooseTask(slug=slug, title=title or slug, actions=actions(slug, kind, key))
            for slug, title in here
        ),
        others=len(rows) - len(here),
        another_version=_other_version(links.world, {world for *_, world in rows}),
    )


def _other_version(world: World, named: set[str]) -> str:
    """Name another version of the world in which own tasks play."""
    versions = sorted(n for n in named if n.partition("@")[0] == world.slug and n != str(world))
    return versions[-1] if versions else ""


def _world(request: SignedIn, name: str) -> World:
    slug, _, version = name.partition("@")
    if not (version.isdecimal() and version.isascii() and len(version) <= MAX_DIGITS):
        raise Http404
    world = visible_world(request, slug, int(version))
    if world.is_draft:
        raise Http404
    return world
