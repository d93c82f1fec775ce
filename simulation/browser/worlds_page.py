"""The list of worlds, and the home of one: its kinds, its clock, its agent, its versions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.db.models import CharField, Count, Value

from simulation.addresses import world_url
from simulation.browser.asking import Asked
from simulation.browser.head import WorldHead, draft_mark, head_of, published_mark
from simulation.browser.links import Links, RowLink
from simulation.browser.moments import instant_words
from simulation.entities import EntityType
from simulation.environments import environment
from simulation.models import World
from simulation.pages import Fact, Mark
from simulation.values import write_instant
from simulation.wording import counted, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version of a world in a list."""

    url: str
    name: str
    title: str
    mark: Mark
    rows: str
    types: str
    clock: str
    hash: str
    owner: str
    published_at: object
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldGroup:
    """All versions of one slug that a person may see, newest first."""

    slug: str
    title: str
    url: str
    company: str
    versions: tuple[VersionRow, ...]
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldsPage:
    """`import_url` is "" for people who may not import."""

    groups: tuple[WorldGroup, ...]
    count: str
    import_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCard:
    """One entity type: how many rows there are, and what they are in a sentence."""

    label: str
    name: str
    url: str
    count: str
    sentence: str
    hidden: str
    is_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseRow:
    """One kind of untidiness, the rows that have it, and the way to them."""

    label: str
    kind: str
    count: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldPage:
    """`noise` is empty for people who may not see rubrics: it gives tasks away."""

    head: WorldHead
    facts: tuple[Fact, ...]
    agent: RowLink | None
    kinds: tuple[KindCard, ...]
    rows: str
    prompts: tuple[tuple[str, str], ...]
    versions: tuple[VersionRow, ...]
    noise: tuple[NoiseRow, ...]
    is_empty: bool


def worlds_page(worlds: Sequence[World], *, import_url: str = "") -> WorldsPage:
    """worlds: newest version of each slug first, with owner and snapshot."""
    counts = _counts(worlds)
    groups: dict[str, list[World]] = {}
    for world in worlds:
        groups.setdefault(world.slug, []).append(world)
    return WorldsPage(
        groups=tuple(_group(slug, versions, counts) for slug, versions in groups.items()),
        count=counted(len(groups), "world"),
        import_url=import_url,
    )


def world_page(links: Links, siblings: Sequence[World], *, sees_noise: bool) -> WorldPage:
    """siblings: all versions of the same slug that this person may see."""
    cards = tuple(_kind_card(links, kind) for kind in links.company.entity_types.values())
    total = sum(len(links.whole.rows(name)) for name in links.company.entity_types)
    prompts = tuple(
        (spoken(name), f"{links.base}policies/prompts/{quote(name, safe='')}/")
        for name in links.snapshot.prompts
    )
    return WorldPage(
        head=head_of(links),
        facts=tuple(_facts(links.world, links.snapshot.content_hash)),
        agent=_agent(links),
        kinds=cards,
        rows=counted(total, "row"),
        prompts=prompts,
        versions=tuple(_versions(siblings, _counts(siblings), current=links.world)),
        noise=tuple(_noise(links)) if sees_noise else (),
        is_empty=not total,
    )


def _group(slug: str, worlds: Sequence[World], counts: Mapping[int, Counter[str]]) -> WorldGroup:
    newest = next((world for world in worlds if not world.is_draft), worlds[0])
    return WorldGroup(
        slug=slug,
        title=newest.title,
        url=world_url(newest),
        company=newest.company.title,
        versions=tuple(_versions(worlds, counts)),
        count=counted(len(worlds), "version"),
    )


def _versions(
    worlds: Sequence[World], counts: Mapping[int, Counter[str]], current: World | None = None
) -> Iterator[VersionRow]:
    for world in worlds:
        rows = counts[world.pk]
        yield VersionRow(
            url=world_url(world),
            name=f"v{world.version}",
            title=world.title,
            mark=draft_mark() if world.is_draft else published_mark(),
            rows=f"{rows.total():,}",
            types=counted(sum(count > 0 for count in rows.values()), "type"),
            clock=instant_words(write_instant(world.now)),
            hash=world.content_hash[:12],
            owner=world.owner.get_username(),
            published_at=world.published_at,
            is_current=current is not None and world.pk == current.pk,
        )


def _counts(worlds: Iterable[World]) -> dict[int, Counter[str]]:
    """Count the rows of each world by type: of published ones as stored, of drafts by one query a
    company."""
    counts: dict[int, Counter[str]] = {}
    drafts: dict[str, list[int]] = {}
    for world in worlds:
        counts[world.pk] = Counter(world.snapshot.counts if world.snapshot else {})
        if world.is_draft:
            drafts.setdefault(world.environment, []).append(world.pk)
    for slug, keys in drafts.items():
        for pk, name, count in _draft_counts(slug, keys):
            counts[pk][name] = count
    return counts


def _draft_counts(slug: str, keys: Sequence[int]) -> Iterator[tuple[int, str, int]]:
    kinds = list(environment(slug).entity_types.values())
    first, *others = (
        kind.model._default_manager.filter(world__in=keys)
        .order_by()
        .values("world_id")
        .annotate(row_count=Count("pk"), type_name=Value(kind.name, CharField()))
        .values_list("world_id", "type_name", "row_count")
        for kind in kinds
    )
    yield from first.union(*others, all=True)


def _kind_card(links: Links, kind: EntityType) -> KindCard:
    count = len(links.whole.rows(kind.name))
    hidden = len(links.snapshot.hidden(kind.name))
    return KindCard(
        label=kind.label_plural,
        name=kind.name,
        url=links.list_url(kind.name),
        count=f"{count:,}",
        sentence=first_sentence(kind),
        hidden=f"{hidden:,} after the clock" if hidden else "",
        is_empty=not count,
    )


def first_sentence(kind: EntityType) -> str:
    """Say what a row of a type is, as its model says it."""
    return " ".join((kind.model.__doc__ or "").split("\n\n")[0].split())


def _facts(world: World, content_hash: str) -> Iterator[Fact]:
    yield Fact(label="clock", value=f"{instant_words(write_instant(world.now))} UTC")
    yield Fact(label="version", value=f"v{world.version}")
    if world.parent:
        yield Fact(label="made from", value=str(world.parent), url=world_url(world.parent))
    if world.generator_version:
        yield Fact(label="generator", value=world.generator_version)
    yield Fact(label="owner", value=world.owner.get_username())
    yield Fact(label="content", value=content_hash[:12])


def _agent(links: Links) -> RowLink | None:
    """The employee that agents are, where the company has employees."""
    key = links.snapshot.agent_employee_id
    if not key or "employee" not in links.company.entity_types:
        return None
    return links.row("employee", key)


def _noise(links: Links) -> Iterator[NoiseRow]:
    found = Counter((entry["type"], entry["noise"]) for entry in links.world.manifest)
    for (entity_type, noise), count in sorted(found.items()):
        if entity_type in links.company.entity_types:
            kind = links.kind(entity_type)
            yield NoiseRow(
                label=spoken(noise),
                kind=kind.label_plural,
                count=count,
                url=links.list_url(entity_type, Asked(pairs=(("noise", noise),)).query),
            )
