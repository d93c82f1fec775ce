"""Values of rows as people read them: nested ones as small tables, references as links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from django.utils.safestring import SafeString

from simulation.browser.links import Links, RowLink
from simulation.browser.moments import day_words, distance, instant_words
from simulation.browser.offered import places
from simulation.entities import EntityType
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.markdown import render
from simulation.operators import is_number
from simulation.paths import read_path
from simulation.titles import MARKDOWN, is_money, path_label
from simulation.wording import size

Form = Literal[
    "text", "long", "markdown", "number", "moment", "flag", "choice", "link", "list", "table",
    "object",
]  # fmt: skip
CUT = 600  # characters of a text that are shown before it is cut
LARGEST = 20_000  # characters of a text that one page carries; the raw row has the rest
MOST_ITEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One value, ready to show.

    rest: what follows of a value that was cut: the whole text, or the other items or lines.
    detail: what people would otherwise work out, such as the days to the clock.
    exact: the value as it is written in rows, where `text` puts it differently.
    """

    form: Form
    text: str = ""
    rest: "str | tuple[Shown, ...] | tuple[tuple[Shown, ...], ...]" = ""
    rest_label: str = ""
    detail: str = ""
    exact: str = ""
    link: RowLink | None = None
    html: SafeString = field(default_factory=SafeString)
    names: tuple[str, ...] = ()
    items: "tuple[Shown, ...]" = ()
    lines: "tuple[tuple[Shown, ...], ...]" = ()

    @property
    def is_wide(self) -> bool:
        """Tell whether the value wants the whole width of the page."""
        return self.form in ("markdown", "table") or (self.form == "long")

    @property
    def pairs(self) -> "tuple[tuple[str, Shown], ...]":
        """The members of an object by name."""
        return tuple(zip(self.names, self.items, strict=True))


@lru_cache(maxsize=8192)
def kind_at(company: Environment, entity_type: str, path: str) -> str:
    """Give the kind of value at a path; "any" inside free-form values."""
    try:
        return read_path(company, entity_type, path).shape.kind
    except InvalidArgument:
        return "any"


@lru_cache(maxsize=8192)
def choices_at(company: Environment, entity_type: str, path: str) -> tuple[str, ...]:
    """Give the only words that may stand at a path; none where any may."""
    try:
        return read_path(company, entity_type, path).shape.choices
    except InvalidArgument:
        return ()


class Values:
    """Shows the values of one kind of row."""

    def __init__(self, links: Links, kind: EntityType) -> None:
        self._links = links
        self._kind = kind
        self._targets = dict(kind.references)
        self._places = places(links.company, kind.name)

    def shown(self, path: str, value: Any) -> Shown:
        """Show a value at a path of the row, whole."""
        if isinstance(value, Mapping):
            names = self._in_order(path, value)
            items = tuple(self.shown(f"{path}.{name}", value[name]) for name in names)
            return Shown(form="object", names=tuple(map(path_label, names)), items=items)
        if isinstance(value, list | tuple):
            is_table = bool(value) and all(map(_is_flat, value))
            return self._table(path, value) if is_table else self._list(path, value)
        return self.scalar(path, value)

    def scalar(self, path: str, value: Any) -> Shown:
        if target := self._targets.get(path):
            return Shown(form="link", link=self._links.row(target, str(value)), text=str(value))
        if isinstance(value, bool):
            return Shown(form="flag", text="yes" if value else "no", exact=str(value).lower())
        if is_number(value):
            return Shown(form="number", text=self._number(path, value), exact=str(value))
        return self._text(path, str(value))

    def brief(self, path: str, value: Any) -> str:
        """Say a value in one line of plain text, for a cell of a table."""
        if isinstance(value, Mapping):
            names = self._in_order(path, value)
            members = (self.brief(f"{path}.{name}", value[name]) for name in names)
            return " · ".join(filter(None, members))
        if isinstance(value, list | tuple):
            return ", ".join(self.brief(path, item) for item in value[:MOST_ITEMS])
        if target := self._targets.get(path):
            return self._links.row(target, str(value)).label
        return self.scalar(path, value).text

    def _in_order(self, path: str, names: Iterable[str]) -> tuple[str, ...]:
        """Sort the members of a value as its schema has them, unknown ones last and by name."""
        last = len(self._places)
        return tuple(
            sorted(names, key=lambda name: (self._places.get(f"{path}.{name}", last), name))
        )

    def _text(self, path: str, text: str) -> Shown:
        kind = kind_at(self._links.company, self._kind.name, path)
        if kind == "instant":
            detail = distance(text, self._links.snapshot.now)
            return Shown(form="moment", text=instant_words(text), detail=detail, exact=text)
        if kind == "day":
            return Shown(form="moment", text=day_words(text), exact=text)
        own = self._kind.fields.get(path)
        if own and own.text == MARKDOWN:
            return Shown(form="markdown", html=render(text), text=text)
        if choices_at(self._links.company, self._kind.name, path):
            return Shown(form="choice", text=text.replace("_", " "), exact=text)
        return _cut(text)

    def _number(self, path: str, value: float) -> str:
        if path in self._kind.fields and is_money(self._kind, path):
            return f"{value:,.2f}"
        return f"{value:,}".removesuffix(".0")

    def _list(self, path: str, values: Sequence[Any]) -> Shown:
        items = tuple(self.shown(path, value) for value in values)
        rest = items[MOST_ITEMS:]
        label = f"show all {len(items):,}" if rest else ""
        return Shown(form="list", items=items[:MOST_ITEMS], rest=rest, rest_label=label)

    def _table(self, path: str, values: Sequence[Mapping[str, Any]]) -> Shown:
        names = self._in_order(path, {name for value in values for name in value})
        lines = tuple(
            tuple(
                self.shown(f"{path}.{name}", value[name]) if name in value else Shown(form="text")
                for name in names
            )
            for value in values
        )
        rest = lines[MOST_ITEMS:]
        return Shown(
            form="table",
            names=tuple(map(path_label, names)),
            lines=lines[:MOST_ITEMS],
            rest=rest,
            rest_label=f"show all {len(lines):,}" if rest else "",
        )


def _is_flat(value: Any) -> bool:
    """Tell whether a value can be one line of a small table."""
    return isinstance(value, Mapping) and not any(
        isinstance(member, Mapping) for member in value.values()
    )


def _cut(text: str) -> Shown:
    if len(text) <= CUT:
        return Shown(form="long" if "\n" in text or len(text) > CUT // 4 else "text", text=text)
    rest = text if len(text) <= LARGEST else ""
    return Shown(
        form="long",
        text=f"{text[:CUT]}…",
        rest=rest,
        rest_label=f"show all {size(len(text))}",
    )
