"""The columns of a list: which ones there are, what stands in them, and how they sort."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.browser.asking import Asked, filter_name
from simulation.browser.links import Links, RowLink
from simulation.browser.moments import day_words, instant_words
from simulation.browser.offered import OWN, Offered, offer, offered
from simulation.browser.relations import MARK, Relation, relation_label, relations_to
from simulation.browser.values import Values
from simulation.entities import EntityType, Row
from simulation.pages import shortened
from simulation.paths import Path, read_path
from simulation.snapshots import Order
from simulation.state import WorldState
from simulation.titles import is_long, title_field
from simulation.values import instant_key

LONGEST_CELL = 90
SHORT_CELL = 34  # characters that stay on one line
MOST_COLUMNS = 16
_CAPS = {"reference": 2, "choice": 3, "number": 3, "text": 2, "flag": 1, "list": 1, "day": 1}
_USUAL = 7
_RELATIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value in a table: a link, a number, or text that fits in one line."""

    text: str
    link: RowLink | None = None
    url: str = ""
    exact: str = ""

    @property
    def is_short(self) -> bool:
        return len(self.text) <= SHORT_CELL


class PathColumn:
    """What stands at a path of each row."""

    def __init__(self, links: Links, kind: EntityType, name: str) -> None:
        self.name = name
        self._links = links
        self._offer: Offered = offer(links.company, kind.name, name)
        self._path: Path = read_path(links.company, kind.name, name)
        self._values = Values(links, kind)
        self._state: WorldState = links.state
        self.label = self._offer.label
        self.is_number = self._offer.shape.kind == "number" and not self._offer.shape.many

    def cell(self, row: Row) -> Cell:
        shape, target = self._offer.shape, self._offer.target
        if self._path.is_own and shape.kind in ("object", "any"):
            text = self._values.brief(self.name, row[self.name]) if self.name in row else ""
            return Cell(text=shortened(text, LONGEST_CELL))
        values = self._path.values(self._state, row)
        if target and len(values) == 1:
            return Cell(text=values[0], link=self._links.row(target, values[0]))
        return self._scalars(values)

    def key(self, row: Row) -> Any:
        """Give what a row is sorted by; None where there is nothing."""
        values = self._path.values(self._state, row)
        first = values[0] if values else None
        if isinstance(first, str):
            is_instant = self._offer.shape.kind == "instant"
            return (1, instant_key(first) if is_instant else first.casefold())
        return None if first is None or isinstance(first, dict | list) else (0, first)

    def _scalars(self, values: Sequence[Any]) -> Cell:
        kind = self._offer.shape.kind
        if kind == "instant" and len(values) == 1:
            return Cell(text=instant_words(values[0])[:-3], exact=values[0])
        if kind == "day" and len(values) == 1:
            return Cell(text=day_words(values[0]), exact=values[0])
        if self._offer.shape.choices:
            return Cell(text=", ".join(str(value).replace("_", " ") for value in values))
        text = ", ".join(self._values.brief(self.name, value) for value in values[:5])
        more = f" +{len(values) - 5}" if len(values) > 5 else ""
        return Cell(text=f"{shortened(' '.join(text.split()), LONGEST_CELL)}{more}")


class RelationColumn:
    """How many rows refer to each row, with the way to them."""

    is_number = True

    def __init__(self, links: Links, relation: Relation) -> None:
        self.name = relation.name
        self.label = relation_label(links.company, relation)
        self._links = links
        self._relation = relation

    def cell(self, row: Row) -> Cell:
        count = self.key(row)[1]
        return Cell(text=f"{count:,}" if count else "", url=self._url(row["id"]) if count else "")

    def key(self, row: Row) -> Any:
        return (0, len(self._relation.ids(self._links.whole, row["id"])))

    def _url(self, key: str) -> str:
        asked = Asked(pairs=((filter_name(self._relation.path), key),))
        return self._links.list_url(self._relation.source, asked.query)


Column = PathColumn | RelationColumn


def column(links: Links, kind: EntityType, name: str) -> Column:
    if name.startswith(MARK):
        relations = relations_to(links.company, kind.name)
        return RelationColumn(links, next(each for each in relations if each.name == name))
    return PathColumn(links, kind, name)


def columns(links: Links, kind: EntityType, asked: Asked) -> list[Column]:
    """Give the columns that are asked for, or the usual ones."""
    names = asked.columns or usual(links, kind)
    return [column(links, kind, name) for name in names[:MOST_COLUMNS]]


def usual(links: Links, kind: EntityType) -> tuple[str, ...]:
    """Choose columns by what kind of value stands there, and counts of what refers to the rows."""
    title, created = title_field(kind), kind.created_field
    caps = dict(_CAPS)
    chosen = []
    for each in _filled(links, kind):
        sort = _sort_of(kind, each)
        if each.path in (title, created) or not caps.get(sort, 0):
            continue
        caps[sort] -= 1
        chosen.append(each.path)
    tail = [created] if created and any(created in row for row in _rows(links, kind)) else []
    return (*chosen[: _USUAL - len(tail)], *tail, *_usual_relations(links, kind))


def _filled(links: Links, kind: EntityType) -> Iterator[Offered]:
    """Give the fields of a type that some row of the world has."""
    for each in offered(links.company, kind.name):
        if each.where == OWN and any(each.path in row for row in _rows(links, kind)):
            yield each


def sorted_rows(links: Links, kind: EntityType, rows: Sequence[Row], sort: str) -> Sequence[Row]:
    """Sort rows by one column, those without a value last."""
    if not sort:
        return _in_usual_order(links, kind, rows)
    by = column(links, kind, sort.removeprefix("-"))
    keyed = [(by.key(row), row) for row in rows]
    with_value = [pair for pair in keyed if pair[0] is not None]
    with_value.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [row for _, row in with_value] + [row for key, row in keyed if key is None]


def _in_usual_order(links: Links, kind: EntityType, rows: Sequence[Row]) -> Sequence[Row]:
    _, place = links.whole.order(kind.name, usual_order(kind))
    return sorted(rows, key=lambda row: place.get(row["id"], -1))  # what a setup made comes first


def usual_order(kind: EntityType) -> Order:
    """Order by title where there is one, else newest first."""
    title, created = title_field(kind), kind.created_field
    if title or not created:
        name = title or "id"
        return Order(f"browse:{name}", ((lambda row: str(row.get(name, "")).casefold(), False),))
    return Order(f"browse:{created}", ((lambda row: instant_key(row.get(created, "")), True),))


def _sort_of(kind: EntityType, each: Offered) -> str:
    if each.shape.many or each.shape.kind in ("object", "any"):
        return "list" if any(path.startswith(each.path) for path, _ in kind.references) else ""
    if each.target:
        return "reference"
    if each.shape.choices:
        return "choice"
    if each.shape.kind == "text":
        return "" if is_long(kind, each.path) else "text"
    return {"boolean": "flag", "number": "number", "day": "day"}.get(each.shape.kind, "")


def _rows(links: Links, kind: EntityType) -> Iterable[Row]:
    return links.whole.rows(kind.name).values()


def _usual_relations(links: Links, kind: EntityType) -> Iterator[str]:
    """Name the relations that most rows of the world take part in."""
    relations = [each for each in relations_to(links.company, kind.name) if each.is_direct]
    counts = [
        (sum(map(len, links.whole.index(each.source, each.path).values())), each)
        for each in relations
    ]
    busiest = sorted((pair for pair in counts if pair[0]), key=lambda pair: -pair[0])
    return (each.name for _, each in busiest[:_RELATIONS])
