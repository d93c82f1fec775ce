"""What the address of a list asks for, as conditions: `?status=paid&price__gte=100&sort=-price`.

The name of a filter is a path, `__` and an operator (see operators.py); a path alone means "is",
and several values of one path mean "is one of them". What does not fit is left out and said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from pydantic import ValidationError

from simulation.browser.links import Links
from simulation.browser.offered import is_path
from simulation.browser.relations import MARK, relations_to
from simulation.browser.searching import find_keys
from simulation.conditions import Condition, read_rule, select
from simulation.entities import EntityType, Row
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.operators import OPS
from simulation.paths import read_path, reference_at
from simulation.shapes import Shape

RESERVED = ("q", "page", "sort", "column", "noise")
UNSAFE = "matches"  # a pattern that takes long on every row is not for an address
MOST = 20
LONGEST = 500
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a list. `pairs` is the address again, without page and what is left out."""

    conditions: tuple[Condition, ...] = ()
    text: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    noise: str = ""
    page: int = 1
    pairs: tuple[Pair, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.conditions or self.text or self.noise)

    def values_of(self, name: str) -> tuple[str, ...]:
        return tuple(value for given, value in self.pairs if given == name)

    def without(self, *names: str) -> str:
        """Give the address without some of its members."""
        return urlencode([pair for pair in self.pairs if pair[0] not in names])

    def having(self, name: str, value: str) -> str:
        """Give the address with one member set."""
        kept = [pair for pair in self.pairs if pair[0] != name]
        return urlencode([*kept, (name, value)])


def read_asked(company: Environment, kind: EntityType, given: QueryDict) -> Asked:
    """Read an address. Never raises: `problems` says what does not fit and was left out."""
    conditions: list[Condition] = []
    problems: list[str] = []
    pairs: list[Pair] = [(name, _one(given, name)) for name in ("q", "noise") if _one(given, name)]
    for name, texts in _filters(given):
        try:
            conditions.append(_condition(company, kind, name, texts))
            pairs += [(name, text) for text in texts]
        except InvalidArgument as error:
            problems.append(error.message)
    sort = _sort(company, kind, _one(given, "sort"))
    columns = tuple(name for name in given.getlist("column") if is_column(company, kind, name))
    pairs += [("column", name) for name in columns] + ([("sort", sort)] if sort else [])
    return Asked(
        conditions=tuple(conditions),
        text=_one(given, "q"),
        sort=sort,
        columns=tuple(dict.fromkeys(columns)),
        noise=_one(given, "noise"),
        page=_page(_one(given, "page")),
        pairs=tuple(pairs),
        problems=tuple(problems),
    )


def is_column(company: Environment, kind: EntityType, name: str) -> bool:
    """Tell whether a name is a path, or a relation whose rows are counted."""
    if name.startswith(MARK):
        return any(relation.name == name for relation in relations_to(company, kind.name))
    return is_path(company, kind.name, name)


def asked_rows(links: Links, kind: EntityType, asked: Asked) -> list[Row]:
    """Give the rows that are asked for, hidden ones too, by id."""
    rows = select(links.state, kind.name, asked.conditions)
    if asked.text:
        found = find_keys(links.whole, kind.name, asked.text)
        rows = [row for row in rows if row["id"] in found]
    if asked.noise:
        noted = noted_keys(links.world.manifest, kind.name, asked.noise)
        rows = [row for row in rows if row["id"] in noted]
    return rows


def noted_keys(manifest: Iterable[Any], entity_type: str, noise: str) -> frozenset[str]:
    """Give the ids that a manifest lists for one kind of noise."""
    return frozenset(
        str(entry.get("id"))
        for entry in manifest
        if entry.get("type") == entity_type and entry.get("noise") == noise
    )


def filter_name(path: str, op: str = "eq") -> str:
    """Name a filter in an address; a field that is called like a reserved word is spelled out."""
    return f"{path}__{op}" if op != "eq" or path in RESERVED else path


def _filters(given: QueryDict) -> Iterator[tuple[str, list[str]]]:
    names = [name for name in given if name not in RESERVED]
    for name in names[:MOST]:
        texts = [text.strip()[:LONGEST] for text in given.getlist(name)[:MOST]]
        if name.endswith(("__is_null", "__not_null")) or any(texts):
            yield name[:LONGEST], [text for text in texts if text]


def _condition(
    company: Environment, kind: EntityType, name: str, texts: Sequence[str]
) -> Condition:
    path, _, op = name.rpartition("__")
    if not path or op not in OPS or op == UNSAFE:
        path, op = name, "eq"
    shape = read_path(company, kind.name, path).shape
    target = reference_at(company, kind.name, path)
    values = [_value(text.removeprefix(f"@{target}:"), shape) for text in texts]
    try:
        condition = Condition(path=path, **_operands(op, values))
    except ValidationError as error:
        raise InvalidArgument(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None
    read_rule(company, kind.name, condition)
    return condition


def _operands(op: str, values: list[Any]) -> Mapping[str, Any]:
    if op in ("is_null", "not_null"):
        return {"op": op}
    if op in ("eq", "in") and (len(values) > 1 or op == "in"):
        return {"op": "in", "value": values}
    if op in ("not_in", "between"):
        return {"op": op, "value": values}
    return {"op": op, "value": values[0] if values else None}


def _value(text: str, shape: Shape) -> Any:
    """Read a value as what stands at the path; what cannot be read stays text and does not fit."""
    if shape.kind in ("number", "any"):
        return _number(text)
    if shape.kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def _number(text: str) -> Any:
    for read in (int, float):
        try:
            value = read(text)
        except ValueError:
            continue
        return value if abs(value) < 1e15 else text
    return text


def _sort(company: Environment, kind: EntityType, text: str) -> str:
    return text if text and is_column(company, kind, text.removeprefix("-")) else ""


def _page(text: str) -> int:
    is_number = text.isdecimal() and text.isascii() and len(text) < 7
    return max(1, int(text)) if is_number else 1


def _one(given: QueryDict, name: str) -> str:
    return str(given.get(name, "")).strip()[:LONGEST]
