"""What happened around a row, in time order: its own instants, and those of rows next to it.

Nothing here knows a company: whatever is dated and refers to the row, or is referred to, is there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulation.browser.links import Links, RowLink
from simulation.browser.moments import day_words, time_words
from simulation.browser.relations import relations_to
from simulation.browser.values import choices_at, kind_at
from simulation.entities import EntityType, Row
from simulation.titles import gist, path_label
from simulation.values import instant_key
from simulation.wording import counted, spoken

NEIGHBOURS = 200  # rows of one kind around one row that are looked at
FEW = 25  # so many neighbours or fewer bring theirs: the refunds of an order's payments
SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened.

    is_own: it is an instant of the row itself. is_report: of a list inside a row, such as what a
    carrier said of a parcel. is_future: it lies after the clock.
    """

    at: str
    day: str
    time: str
    kind: str
    word: str
    detail: str
    link: RowLink | None
    is_own: bool
    is_report: bool
    is_future: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Events in time order; `earlier` are those before the last few."""

    events: tuple[Event, ...]
    earlier: tuple[Event, ...] = ()
    earlier_label: str = ""


@dataclass(frozen=True, slots=True)
class _Dated:
    """An instant of a row: the path of it, and the member of a list that it stands in."""

    at: str
    path: str
    report: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        return self.path.rsplit(".", 1)[-1]


def timeline(links: Links, kind: EntityType, row: Row) -> Timeline | None:
    """Give what happened around a row; None where less than two things are dated."""
    events = _joined(sorted(_events(links, kind, row), key=lambda event: instant_key(event.at)))
    if len(events) < 2:
        return None
    cut = max(0, len(events) - SHOWN)
    return Timeline(
        events=tuple(events[cut:]),
        earlier=tuple(events[:cut]),
        earlier_label=counted(cut, "earlier event") if cut else "",
    )


def _joined(events: list[Event]) -> list[Event]:
    """Join what happened to one row within one minute: "payment created, processed"."""
    joined: list[Event] = []
    for event in events:
        last = joined[-1] if joined else None
        if last and _place(last) == _place(event) and not event.is_report:
            word = event.word.removeprefix(f"{event.kind} ")
            joined[-1] = replace(last, word=f"{last.word}, {word}")
        else:
            joined.append(event)
    return joined


def _place(event: Event) -> tuple[str, str, bool]:
    """Say to which row and in which minute something happened."""
    return event.at[:16], event.link.url if event.link else "", event.is_report


def _events(links: Links, kind: EntityType, row: Row) -> Iterator[Event]:
    seen = {(kind.name, row["id"])}
    for dated in _instants(links, kind, row):
        if dated.path != kind.updated_field or dated.at != row.get(kind.created_field or ""):
            yield _event(links, kind, row, dated, is_own=True)
    for other, neighbour in _around(links, kind, row, seen):
        for dated in _instants(links, other, neighbour):
            if dated.path != other.updated_field:
                yield _event(links, other, neighbour, dated, is_own=False)
    for other, referred in _referred(links, kind, row, seen):
        yield from (
            _event(links, other, referred, dated, is_own=False)
            for dated in _instants(links, other, referred)
            if dated.path == other.created_field
        )


def _around(
    links: Links, kind: EntityType, row: Row, seen: set[tuple[str, str]]
) -> Iterator[tuple[EntityType, Row]]:
    """Give the rows that refer to this one; where they are few, those that refer to them too."""
    near = [*_referring(links, kind, row, seen)]
    yield from near
    if len(near) <= FEW:
        for other, neighbour in near:
            yield from _referring(links, other, neighbour, seen)


def _referring(
    links: Links, kind: EntityType, row: Row, seen: set[tuple[str, str]]
) -> Iterator[tuple[EntityType, Row]]:
    for relation in relations_to(links.company, kind.name):
        ids = relation.ids(links.whole, row["id"]) if relation.is_direct else ()
        rows = links.whole.rows(relation.source)
        for key in ids[-NEIGHBOURS:]:
            if (relation.source, key) not in seen:
                seen.add((relation.source, key))
                yield links.kind(relation.source), rows[key]


def _referred(
    links: Links, kind: EntityType, row: Row, seen: set[tuple[str, str]]
) -> Iterator[tuple[EntityType, Row]]:
    for name, field in kind.fields.items():
        place = field.target or "", row.get(name, "")
        if field.target and place not in seen and place[1] in links.whole.rows(field.target):
            seen.add(place)
            yield links.kind(field.target), links.whole.rows(field.target)[place[1]]


def _event(links: Links, kind: EntityType, row: Row, dated: _Dated, *, is_own: bool) -> Event:
    word, detail = _report(links, kind, dated) if dated.report else (_verb(kind, dated), "")
    if not detail and not is_own:
        detail = gist(kind, row)
    return Event(
        at=dated.at,
        day=day_words(dated.at),
        time=time_words(dated.at)[:5],
        kind=kind.label,
        word=f"{kind.label} {word}",
        detail=detail,
        link=None if is_own else links.row(kind.name, row["id"]),
        is_own=is_own,
        is_report=dated.report is not None,
        is_future=instant_key(dated.at) > instant_key(links.snapshot.now),
    )


def _report(links: Links, kind: EntityType, dated: _Dated) -> tuple[str, str]:
    """Say a member of a list: a word of a fixed choice says what, the others where and how."""
    inside = dated.path.removesuffix(dated.name)
    what, texts = spoken(dated.name), []
    for name, text in sorted((dated.report or {}).items(), reverse=True):
        if choices_at(links.company, kind.name, f"{inside}{name}"):
            what = spoken(str(text))
        elif isinstance(text, str) and name != dated.name:
            texts.append(text)
    return what, " · ".join(texts)


def _verb(kind: EntityType, dated: _Dated) -> str:
    """`resolvedAt` is "resolved"; what is no such word, such as `timestamp`, is "written"."""
    if dated.name.endswith("At"):
        return spoken(dated.name.removesuffix("At"))
    return "written" if dated.path == kind.created_field else path_label(dated.name)


def _instants(links: Links, kind: EntityType, row: Row) -> Iterator[_Dated]:
    for name in kind.fields:
        if name in row:
            yield from _inside(links, kind, name, row[name], None)


def _inside(
    links: Links, kind: EntityType, path: str, value: Any, report: Mapping[str, Any] | None
) -> Iterator[_Dated]:
    if isinstance(value, str):
        if kind_at(links.company, kind.name, path) == "instant":
            yield _Dated(value, path, report)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _inside(links, kind, f"{path}.{name}", member, report)
    elif isinstance(value, list):
        for member in value:
            inner = member if isinstance(member, Mapping) else report
            yield from _inside(links, kind, path, member, inner)
