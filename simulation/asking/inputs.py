"""The inputs of one condition: the operators there are, and what a value is typed or chosen in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from simulation.asking.reading import LISTS, VALUELESS, ReadCondition
from simulation.asking.typed import split_moment, write_value
from simulation.environments import Environment
from simulation.labels import newest_rows, search_rows
from simulation.operators import OP_WORDS, fitting_ops
from simulation.pages import Choice
from simulation.paths import read_path
from simulation.shapes import Shape
from simulation.state import WorldState
from simulation.titles import title_of
from simulation.wording import spoken_path

SUGGESTIONS = 40
MATCHES = 5
MOMENT_OPS = {
    "eq": "is on",
    "ne": "is not on",
    "lt": "is before",
    "lte": "is on or before",
    "gt": "is after",
    "gte": "is on or after",
}
LIST_OPS = {"eq": "has", "ne": "does not have", "in": "has one of", "not_in": "has none of"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueInput:
    """One input; `time_*` belong to an instant, whose day and time are typed apart."""

    name: str
    id: str
    value: str
    label: str
    time_name: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionInputs:
    """One row of the form.

    widget: none, select, boxes, lines, moment, day, number or text.
    suggestions: what a typed value may be; rows_url searches rows by label as one types.
    meaning: what the typed id stands for; matches: rows meant by what is no id.
    """

    number: int
    path: str
    words: str
    ops: tuple[Choice, ...]
    widget: str
    inputs: tuple[ValueInput, ...] = ()
    choices: tuple[Choice, ...] = ()
    lines: str = ""
    suggestions: tuple[Choice, ...] = ()
    rows_of: str = ""
    meaning: str = ""
    matches: tuple[Choice, ...] = ()
    path_problem: str = ""
    op_problem: str = ""
    value_problem: str = ""
    is_unfinished: bool = False

    @property
    def no(self) -> str:
        """The number as text, of which templates make ids."""
        return str(self.number)


def condition_inputs(world: WorldState, kind: str, number: int, read: ReadCondition) -> Any:
    company, typed, shape = world.snapshot.company, read.typed, read.shape
    suggestions, meaning, matches = _help(world, kind, read)
    return ConditionInputs(
        number=number,
        path=typed.path,
        words=_words(company, kind, read),
        ops=_ops(typed.op, shape),
        widget=_widget(typed.op, shape, typed.values),
        inputs=_inputs(number, typed.op, typed.values),
        choices=_choices(shape, typed.values),
        lines="\n".join(typed.values),
        suggestions=suggestions,
        rows_of=read.target or "",
        meaning=meaning,
        matches=matches,
        path_problem=read.problems.get("path", ""),
        op_problem=read.problems.get("op", ""),
        value_problem=read.problems.get("value", ""),
        is_unfinished=read.is_unfinished,
    )


def _words(company: Environment, kind: str, read: ReadCondition) -> str:
    if read.shape is None:
        return ""
    several = ", of which a row may have several" if read.shape.many else ""
    target = f", the id of a {company.entity_types[read.target].label}" if read.target else ""
    said = "" if read.shape.choices else f", {read.shape.in_words}"
    return f"{spoken_path(read.typed.path)}{target or said}{several}"


def _ops(chosen: str, shape: Shape | None) -> tuple[Choice, ...]:
    there = fitting_ops(shape) if shape else ("eq",)
    names = there if chosen in there else (chosen, *there)
    return tuple(
        Choice(value=op, label=_op_label(op, shape), is_selected=op == chosen) for op in names
    )


def _op_label(op: str, shape: Shape | None) -> str:
    kind = shape.kind if shape else ""
    special = MOMENT_OPS if kind in ("instant", "day") else {}
    if shape and shape.is_list:
        special = LIST_OPS
    return special.get(op) or OP_WORDS.get(op, op)


def _widget(op: str, shape: Shape | None, values: Sequence[str]) -> str:
    if op in VALUELESS:
        return "none"
    if shape is None:
        return "text"
    is_closed = bool(shape.choices) and op in ("eq", "ne", *LISTS)
    if is_closed and all(value in map(str, shape.choices) for value in values if value):
        return "boxes" if op in LISTS else "select"
    return "lines" if op in LISTS else _typed_widget(op, shape, values)


def _typed_widget(op: str, shape: Shape, values: Sequence[str]) -> str:
    if shape.kind == "boolean" and set(values) <= {"", "true", "false"}:
        return "select"
    if shape.kind in ("instant", "day"):
        moments = [split_moment(value) for value in values]
        fits = all(m is not None and (shape.kind == "instant" or not m[1]) for m in moments)
        return ("moment" if shape.kind == "instant" else "day") if fits else "text"
    return "number" if shape.kind == "number" else "text"


def _inputs(number: int, op: str, values: Sequence[str]) -> tuple[ValueInput, ...]:
    labels = ("From", "To") if op == "between" else ("Value",)
    padded = [*values, *[""] * len(labels)][: len(labels)]
    return tuple(
        _input(number, place, label, value)
        for place, (label, value) in enumerate(zip(labels, padded, strict=True))
    )


def _input(number: int, place: int, label: str, value: str) -> ValueInput:
    day, time = split_moment(value) or (value, "")
    return ValueInput(
        name=f"value{number}",
        id=f"id_value{number}_{place}",
        value=day if time else value,
        label=label,
        time_name=f"time{number}",
        time=time,
    )


def _choices(shape: Shape | None, values: Sequence[str]) -> tuple[Choice, ...]:
    there = shape.choices if shape else ()
    if shape and shape.kind == "boolean":
        there = ("true", "false")
    return tuple(
        Choice(value=str(c), label=str(c).replace("_", " "), is_selected=str(c) in values)
        for c in there
    )


Help = tuple[tuple[Choice, ...], str, tuple[Choice, ...]]


def _help(world: WorldState, kind: str, read: ReadCondition) -> Help:
    """Give what may be typed, what the typed id is called, and what else may have been meant."""
    if read.shape is None or read.shape.choices or read.shape.kind not in ("text", "any"):
        return (), "", ()
    if not read.target:
        return _values_there(world, kind, read), "", ()
    snapshot, target = world.snapshot, read.target
    typed = read.typed.values[0].strip() if read.typed.values else ""
    row = snapshot.rows(target).get(typed)
    if row or not typed or read.typed.op not in ("eq", "ne"):
        newest = newest_rows(snapshot, target, limit=SUGGESTIONS)
        meaning = title_of(snapshot.entity_type(target), row) if row else ""
        return _pairs(newest), meaning, ()
    found = _pairs(search_rows(snapshot, target, typed, limit=MATCHES))
    return found, "", found


def _values_there(world: WorldState, kind: str, read: ReadCondition) -> tuple[Choice, ...]:
    """Suggest the values that the rows at the end of the path have, the commonest first."""
    path = read_path(world.snapshot.company, kind, read.typed.path)
    owner = path.hops[-1][1] if path.hops else kind
    index = world.snapshot.index(owner, path.last)
    shown = [(v, len(ids)) for v, ids in index.items() if isinstance(v, str) and len(v) <= 80]
    if len(shown) > len(world.snapshot.rows(owner)) // 2:
        return ()
    shown.sort(key=lambda pair: (-pair[1], pair[0]))
    kept = islice(shown, SUGGESTIONS)
    return tuple(
        Choice(value=write_value(value, path.shape), label=f"{count:,} rows")
        for value, count in kept
    )


def _pairs(rows: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(value=key, label=label or key) for key, label in rows)
