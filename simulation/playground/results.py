"""The result of a call, laid out for people: rows as a table, an object as its fields.

What lies deeper than that is folded as JSON. The bytes that an agent sees stand beside it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.addresses import row_url
from simulation.models import World
from simulation.pages import shown_value
from simulation.state import WorldState
from simulation.wording import counted, spoken

MAX_ROWS = 50
MAX_COLUMNS = 10
MAX_LEVELS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultCell:
    """A value in a table or list: text, perhaps a link to its row, or JSON that is folded."""

    text: str
    url: str = ""
    json: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultBlock:
    """A part of a result: a table, the fields of an object, or one value.

    title: the key under which it stands in its object.
    """

    title: str
    kind: str
    note: str = ""
    columns: tuple[str, ...] = ()
    lines: tuple[tuple[ResultCell, ...], ...] = ()
    pairs: tuple[tuple[str, ResultCell], ...] = ()
    cell: ResultCell | None = None


class ResultView:
    """Lays out what a tool gave, in the clone that it was called in."""

    def __init__(
        self, world: World, state: WorldState, *, rows: int = MAX_ROWS, marks_own: bool = True
    ) -> None:
        """rows: how many of a table are shown. marks_own: whether rows that only the clone has are
        told apart."""
        self._world, self._state, self._rows = world, state, rows
        self._marks_own = marks_own

    def blocks(self, result: str) -> tuple[ResultBlock, ...]:
        return tuple(self._blocks("", json.loads(result), MAX_LEVELS))

    def _blocks(self, title: str, value: Any, levels: int) -> Sequence[ResultBlock]:
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return [self._table(title, value)]
        if isinstance(value, dict) and value and levels:
            return self._object(title, value, levels)
        return [ResultBlock(title=title, kind="value", cell=self._cell(title, value))]

    def _object(self, title: str, value: Mapping[str, Any], levels: int) -> Sequence[ResultBlock]:
        """Show an object's plain members together and its tables and objects after them."""
        names = sorted(value, key=lambda name: name != "id")
        plain = {name: value[name] for name in names if not _is_block(value[name], levels)}
        pairs = tuple((spoken(name), self._cell(name, item)) for name, item in plain.items())
        own = [ResultBlock(title=title, kind="fields", pairs=pairs)] if pairs else []
        inner = [
            block
            for name, item in value.items()
            if _is_block(item, levels)
            for block in self._blocks(spoken(name), item, levels - 1)
        ]
        return [*own, *inner]

    def _table(self, title: str, rows: Sequence[Mapping[str, Any]]) -> ResultBlock:
        shown = rows[: self._rows]
        names = self._names(shown)
        kept = names[:MAX_COLUMNS]
        more = f", the first {self._rows} shown" if len(rows) > self._rows else ""
        wide = f"; {len(names) - len(kept)} more fields are below" if len(names) > len(kept) else ""
        return ResultBlock(
            title=title,
            kind="table",
            note=f"{counted(len(rows), 'row')}{more}{wide}",
            columns=tuple(map(spoken, kept)),
            lines=tuple(tuple(self._cell(name, row.get(name)) for name in kept) for row in shown),
        )

    def _names(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """Give the keys of rows as their type orders them: the wire sorts them by name."""
        there = dict.fromkeys(name for row in rows for name in row)
        of_type = self._kind_of(rows[0].get("id")) if rows else None
        order = ("id", *(self._state.entity_types[of_type].fields if of_type else ()))
        return [*filter(there.__contains__, order), *(n for n in there if n not in order)]

    def _cell(self, name: str, value: Any) -> ResultCell:
        if isinstance(value, dict | list) and value:
            text = counted(len(value), "item") if isinstance(value, list) else "object"
            if isinstance(value, list) and not any(isinstance(i, dict | list) for i in value):
                return ResultCell(text=", ".join(map(shown_value, value)))
            return ResultCell(text=text, json=json.dumps(value, ensure_ascii=False, indent=2))
        url, is_own = self._link(name, value)
        text = "none" if value in ([], {}) else shown_value(value)
        return ResultCell(text=text, url=url, is_own=is_own)

    def _link(self, name: str, value: Any) -> tuple[str, bool]:
        """Find the row that an id names: (its page, whether only this clone has it)."""
        kind = self._kind_of(value) if name.lower().endswith("id") else None
        if kind is None:
            return "", False
        if value in self._state.snapshot.rows(kind):
            return row_url(self._world, kind, value), False
        return "", self._marks_own

    def _kind_of(self, key: Any) -> str | None:
        if not isinstance(key, str):
            return None
        return next((kind for kind in self._state.entity_types if self._state.get(kind, key)), None)


def _is_block(value: Any, levels: int) -> bool:
    """Tell what deserves a table or a heading of its own."""
    if isinstance(value, dict):
        return levels > 1
    is_rows = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return is_rows and bool(value)
