"""The filter form of a list: one control a field, made from what stands there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from simulation.browser.asking import Asked, Pair, filter_name
from simulation.browser.links import Links
from simulation.browser.offered import BEYOND, INSIDE, OWN, Offered, offer, offered
from simulation.browser.relations import relation_label, relations_to
from simulation.conditions import Condition
from simulation.entities import EntityType
from simulation.operators import op_says
from simulation.pages import Choice
from simulation.titles import path_label
from simulation.wording import spoken

Control = Literal["choices", "text", "number", "day", "reference"]
IN_BAR = 3
FEW_ROWS = 40  # so many rows or fewer are offered by name
MOST_INSIDE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One control. `name` is that of its input; a range has a second one, `name_to`."""

    control: Control
    label: str
    name: str
    value: str = ""
    name_to: str = ""
    value_to: str = ""
    choices: tuple[Choice, ...] = ()
    says: str = ""

    @property
    def is_used(self) -> bool:
        return bool(self.value or self.value_to or self.says)


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """A condition in force, in words, and the address without it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnGroup:
    label: str
    columns: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterForm:
    """bar: the filters that are always there. kept: what the address has and no control shows.

    beside_columns: what the address has besides the columns, which are a form of their own.
    """

    text: str
    bar: tuple[Filter, ...]
    more: tuple[Filter, ...]
    kept: tuple[Pair, ...]
    beside_columns: tuple[Pair, ...]
    active: tuple[Active, ...]
    clear_url: str
    column_groups: tuple[ColumnGroup, ...]
    more_label: str


def filter_form(links: Links, kind: EntityType, asked: Asked, shown: list[str]) -> FilterForm:
    """shown: the columns of the list; each that is a path can be filtered by."""
    filters = [_filter(links, kind, asked, each) for each in _filterable(links, kind, shown)]
    bar = [each for each in filters if each.control == "choices" and "." not in each.name][:IN_BAR]
    more = [each for each in filters if each not in bar]
    names = {name for each in filters for name in (each.name, each.name_to)} | {"q"}
    return FilterForm(
        text=asked.text,
        bar=tuple(bar),
        more=tuple(more),
        kept=tuple(pair for pair in asked.pairs if pair[0] not in names),
        beside_columns=tuple(pair for pair in asked.pairs if pair[0] != "column"),
        active=tuple(_active(links, kind, asked)),
        clear_url=links.list_url(kind.name, asked.without(*_narrowing(asked))),
        column_groups=tuple(_column_groups(links, kind, shown)),
        more_label=_more_label(sum(each.is_used for each in more)),
    )


def _more_label(used: int) -> str:
    return f"More filters, {used} in use" if used else "More filters"


def _filterable(links: Links, kind: EntityType, shown: list[str]) -> Iterator[Offered]:
    every = offered(links.company, kind.name)
    inside = [each for each in every if each.where == INSIDE]
    wanted = [each for each in every if each.where == OWN]
    wanted += inside if len(inside) <= MOST_INSIDE else []
    known = {each.path for each in wanted}
    wanted += [
        offer(links.company, kind.name, name)
        for name in shown
        if name not in known and not name.startswith("<")
    ]
    return (each for each in wanted if _can_filter(links, each))


def _can_filter(links: Links, each: Offered) -> bool:
    """Leave out what has no one value, and references to rows of which there are none."""
    if each.shape.kind in ("object", "any"):
        return False
    return not each.target or bool(links.whole.rows(each.target))


def _filter(links: Links, kind: EntityType, asked: Asked, each: Offered) -> Filter:
    if each.shape.choices:
        return _choice_filter(links, kind, asked, each, [str(c) for c in each.shape.choices])
    if each.shape.kind == "boolean":
        return _choice_filter(links, kind, asked, each, ["true", "false"])
    if each.target:
        return _reference_filter(links, asked, each)
    if each.shape.kind in ("number", "instant", "day"):
        return _range_filter(asked, each)
    name = filter_name(each.path, "contains")
    return Filter(control="text", label=each.label, name=name, value=_first(asked, name))


def _choice_filter(
    links: Links, kind: EntityType, asked: Asked, each: Offered, options: list[str]
) -> Filter:
    name = filter_name(each.path)
    chosen = asked.values_of(name)
    counts = links.whole.index(kind.name, each.path) if _is_inside(each) else {}
    choices = tuple(
        Choice(
            value=option,
            label=_flag_words(option) if each.shape.kind == "boolean" else spoken(option),
            is_selected=option in chosen,
            count=f"{len(counts.get(_stored(option, each), ())):,}" if counts else "",
        )
        for option in options
    )
    says = ", ".join(choice.label for choice in choices if choice.is_selected)
    return Filter(control="choices", label=each.label, name=name, choices=choices, says=says)


def _is_inside(each: Offered) -> bool:
    """Tell whether a path stays inside the row, so that an index knows it."""
    return each.where in (OWN, INSIDE)


def _stored(option: str, each: Offered) -> str | bool:
    return option == "true" if each.shape.kind == "boolean" else option


def _flag_words(option: str) -> str:
    return "yes" if option == "true" else "no"


def _reference_filter(links: Links, asked: Asked, each: Offered) -> Filter:
    name, target = filter_name(each.path), each.target or ""
    value, rows = _first(asked, name), links.whole.rows(target)
    choices: tuple[Choice, ...] = ()
    if len(rows) <= FEW_ROWS:
        every = sorted((links.row(target, key).label, key) for key in rows)
        choices = tuple(
            Choice(value=key, label=label, is_selected=key == value)
            for label, key in [("any", ""), *every]
        )
    return Filter(control="reference", label=each.label, name=name, value=value, choices=choices)


def _range_filter(asked: Asked, each: Offered) -> Filter:
    low, high = filter_name(each.path, "gte"), filter_name(each.path, "lte")
    return Filter(
        control="number" if each.shape.kind == "number" else "day",
        label=each.label,
        name=low,
        value=_first(asked, low),
        name_to=high,
        value_to=_first(asked, high),
    )


def _first(asked: Asked, name: str) -> str:
    return next(iter(asked.values_of(name)), "")


def _active(links: Links, kind: EntityType, asked: Asked) -> Iterator[Active]:
    if asked.text:
        url = links.list_url(kind.name, asked.without("q"))
        yield Active(text=f"contains “{asked.text}”", url=url)
    if asked.noise:
        url = links.list_url(kind.name, asked.without("noise"))
        yield Active(text=f"made on purpose: {spoken(asked.noise)}", url=url)
    for condition in asked.conditions:
        names = _names_of(condition)
        text = f"{path_label(condition.path)} {_says(links, kind, condition)}"
        yield Active(text=text, url=links.list_url(kind.name, asked.without(*names)))


def _says(links: Links, kind: EntityType, condition: Condition) -> str:
    """Say what a value must be, a row by its title."""
    target = offer(links.company, kind.name, condition.path).target
    value = condition.value
    if target and isinstance(value, str):
        value = links.row(target, value).label
    return op_says(condition.op, value).replace("_", " ")


def _names_of(condition: Condition) -> tuple[str, ...]:
    op = condition.op
    names = (condition.path, f"{condition.path}__{op}")
    return (*names, f"{condition.path}__eq") if op in ("eq", "in") else names[1:]


def _narrowing(asked: Asked) -> tuple[str, ...]:
    return tuple(name for name, _ in asked.pairs if name not in ("column", "sort"))


def _column_groups(links: Links, kind: EntityType, shown: list[str]) -> Iterator[ColumnGroup]:
    every = offered(links.company, kind.name)
    for where, label in ((OWN, "Fields"), (INSIDE, "Inside them"), (BEYOND, "Of what they name")):
        found = tuple(
            Choice(value=each.path, label=each.label, is_selected=each.path in shown)
            for each in every
            if each.where == where
        )
        if found:
            yield ColumnGroup(label=label, columns=found)
    relations = tuple(
        Choice(
            value=each.name,
            label=relation_label(links.company, each),
            is_selected=each.name in shown,
        )
        for each in relations_to(links.company, kind.name)
    )
    if relations:
        yield ColumnGroup(label="How many refer to them", columns=relations)
