"""What stands above every page of a world: where one is, the tabs, and the search."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.urls import NoReverseMatch, reverse

from simulation.addresses import world_url
from simulation.browser.links import Links
from simulation.browser.moments import instant_words
from simulation.drafts import may_edit
from simulation.models import World
from simulation.pages import Mark
from simulation.values import write_instant
from simulation.versions import may_copy

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
class DraftBar:
    """What stands above the pages of a draft for those who may change it."""

    sentence: str
    details_url: str
    check_url: str
    publish_url: str
    changes_url: str
    discard_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldHead:
    """`mark` is None for a published world: only a draft needs to be told apart.

    copy_url: "" for people who may not begin a new version; bar: None for those who may not edit.
    """

    name: str
    title: str
    url: str
    clock: str
    clock_exact: str
    tabs: tuple[Tab, ...]
    search_url: str
    export_url: str
    copy_url: str = ""
    search_text: str = ""
    mark: Mark | None = None
    bar: DraftBar | None = None


def world_head(
    world: World,
    current: str,
    *,
    person: User | AnonymousUser | None = None,
    search_text: str = "",
) -> WorldHead:
    """current: the label of the tab that the page belongs to; person: who looks."""
    now = write_instant(world.now)
    arguments = [world.slug, world.version]
    can_copy = person is not None and may_copy(person)
    return WorldHead(
        name=str(world),
        title=world.title,
        url=world_url(world),
        clock=f"{instant_words(now)} UTC",
        clock_exact=now,
        tabs=tuple(_tabs(world, current)),
        search_url=reverse("simulation:search", args=arguments),
        export_url=reverse("simulation:export", args=arguments),
        copy_url=reverse("simulation:copy", args=arguments) if can_copy else "",
        search_text=search_text,
        mark=draft_mark() if world.is_draft else None,
        bar=_bar(world) if person is not None and may_edit(person, world) else None,
    )


def _bar(world: World) -> DraftBar:
    names = ("details", "check", "publish", "changes", "discard")
    urls = {
        f"{name}_url": reverse(f"simulation:{name}", args=[world.slug, world.version])
        for name in names
    }
    return DraftBar(sentence=f"Draft of {world.slug}, version {world.version}", **urls)


def draft_mark() -> Mark:
    return Mark(state="queued", word="draft")


def published_mark() -> Mark:
    return Mark(state="ended", word="published")


def head_of(links: Links, current: str = "Browse") -> WorldHead:
    return world_head(links.world, current, person=links.person)


def _tabs(world: World, current: str) -> Iterator[Tab]:
    for label, name in TABS:
        try:
            url = reverse(name, args=[world.slug, world.version])
        except NoReverseMatch:
            continue
        yield Tab(label=label, url=url, is_current=label == current)
