"""What stands above every page of a world: where one is, the tabs, and the search."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from simulation.browser.links import Links, world_url
from simulation.browser.moments import instant_words
from simulation.models import World
from simulation.pages import Mark
from simulation.values import write_instant

# (label, name of the address): a tab is shown as soon as its address exists
TABS = (
    ("Browse", "simulation:world"),
    ("Policies", "simulation:policies"),
    ("Query", "simulation:query"),
    ("Tools", "simulation:tools"),
    ("Changes", "simulation:changes"),
    ("Check", "simulation:check"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldHead:
    """`mark` is None for a published world: only a draft needs to be told apart."""

    name: str
    title: str
    url: str
    clock: str
    clock_exact: str
    tabs: tuple[Tab, ...]
    search_url: str
    search_text: str = ""
    mark: Mark | None = None


def world_head(world: World, current: str, *, search_text: str = "") -> WorldHead:
    """current: the label of the tab that the page belongs to."""
    now = write_instant(world.now)
    return WorldHead(
        name=str(world),
        title=world.title,
        url=world_url(world),
        clock=f"{instant_words(now)} UTC",
        clock_exact=now,
        tabs=tuple(_tabs(world, current)),
        search_url=reverse("simulation:search", args=[world.slug, world.version]),
        search_text=search_text,
        mark=draft_mark() if world.is_draft else None,
    )


def draft_mark() -> Mark:
    return Mark(state="queued", word="draft")


def published_mark() -> Mark:
    return Mark(state="ended", word="published")


def head_of(links: Links, current: str = "Browse") -> WorldHead:
    return world_head(links.world, current)


def _tabs(world: World, current: str) -> Iterator[Tab]:
    for label, name in TABS:
        try:
            url = reverse(name, args=[world.slug, world.version])
        except NoReverseMatch:
            continue
        yield Tab(label=label, url=url, is_current=label == current)
