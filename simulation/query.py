"""World queries: one value computed from all rows that agents can see, never cut to a page.

    {"entity_type": "refund", "where": [{"path": "status", "value": "processed"}], "measure":
    {"sum": "amount"}}

measure is one of: `count`; sum, min, max of a path (min and max with `of`: another path of the one
row that reaches them); field of the one row that matches; list of a path or of several paths
together.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from simulation.conditions import Condition, misfits, says_all, select
from simulation.entities import Row
from simulation.environments import Environment
from simulation.errors import InvalidArgument, Problems
from simulation.paths import Path, entity_type_of, read_path
from simulation.shapes import Shape
from simulation.state import WorldState
from simulation.values import Frozen, instant_key, money
from simulation.wording import listed, plural, spoken, spoken_path

MEASURES = ("count", "sum", "min", "max", "field", "list")
_EXTREMES = {"min": "lowest", "max": "highest"}
PathText = Annotated[str, Field(min_length=1, max_length=200)]


class Measure(Frozen):
    """What is computed from the rows; `kind` says which."""

    count: Literal[True] | None = None
    sum: PathText | None = None
    min: PathText | None = None
    max: PathText | None = None
    field: PathText | None = None
    list: PathText | tuple[PathText, ...] | None = None
    of: PathText | None = Field(None, description="with min or max: a path of that one row")
    distinct: bool = Field(True, description="with list: each value once")

    @model_validator(mode="after")
    def _exactly_one(self) -> "Measure":
        given = [name for name in MEASURES if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"write exactly one of {', '.join(MEASURES)}")
        if self.of is not None and self.kind not in _EXTREMES:
            raise ValueError("`of` goes with min or max")
        if "distinct" in self.model_fields_set and self.kind != "list":
            raise ValueError("`distinct` goes with list")
        if self.list == ():
            raise ValueError("list: write a path, or several")
        return self

    @model_serializer
    def _short(self) -> "str | dict[str, Any]":
        given = {name: getattr(self, name) for name in (*MEASURES, "of")}
        short = {name: value for name, value in given.items() if value is not None}
        if not self.distinct:
            short["distinct"] = False
        return "count" if self.count else short

    @property
    def kind(self) -> str:
        return next(name for name in MEASURES if getattr(self, name) is not None)

    @property
    def paths(self) -> tuple[str, ...]:
        """Give the paths that are measured, without `of`."""
        value = getattr(self, self.kind)
        if self.kind == "count":
            return ()
        return value if isinstance(value, tuple) else (value,)


def _spelled_out(value: Any) -> Any:
    if isinstance(value, str) and value != "count":
        raise ValueError(f'write "count", or one of {", ".join(MEASURES[1:])} with a path')
    return {"count": True} if value == "count" else value


class WorldQuery(Frozen):
    """A question to a world that has one answer."""

    entity_type: str
    where: tuple[Condition, ...] = ()
    measure: Annotated[Measure, BeforeValidator(_spelled_out)] = Measure(count=True)

    def rows(self, world: WorldState) -> list[Row]:
        """Give the rows behind the answer, by id."""
        return select(world, self.entity_type, self.where)

    def result(self, world: WorldState) -> Any:
        """Give the answer as a JSON value.

        Raises Problems for what does not fit the company, InvalidArgument when there is no one
        answer.
        """
        self.check(world.snapshot.company)
        return self.measured(world, self.rows(world))

    def measured(self, world: WorldState, rows: Sequence[Row]) -> Any:
        """Give the answer from the rows that match, of a query that fits the company.

        Raises InvalidArgument when there is no one answer.
        """
        company = world.snapshot.company
        paths = [read_path(company, self.entity_type, path) for path in self.measure.paths]
        return _RESULTS[self.measure.kind](self, world, paths, rows)

    def check(self, company: Environment) -> None:
        """Raises Problems that name everything that does not fit a company, without running the
        query."""
        if problems := self.problems(company):
            raise Problems(problems)

    def problems(self, company: Environment) -> list[str]:
        try:
            entity_type_of(company, self.entity_type)
        except InvalidArgument as error:
            return [error.message]
        measured = (*self.measure.paths, *([self.measure.of] if self.measure.of else []))
        return [
            *misfits(company, self.entity_type, self.where),
            *(line for path in measured for line in self._misfit(company, path)),
        ]

    def _misfit(self, company: Environment, path: str) -> Iterator[str]:
        try:
            shape = read_path(company, self.entity_type, path).shape
        except InvalidArgument as error:
            yield error.message
            return
        kind = "field" if path == self.measure.of else self.measure.kind
        if shape.kind not in _MEASURABLE.get(kind, _SCALAR):
            yield f"{path}: {kind} does not fit, because it is {shape.in_words}"
        elif kind == "field" and shape.many:
            yield f"{path}: may have several values in one row; measure it with list"

    def sentence(self) -> str:
        """Say what is asked, as a part of a sentence: "the number of orders where status is
        paid"."""
        asked = _SENTENCES[self.measure.kind](self)
        return f"{asked} where {says_all(self.where)}" if self.where else asked

    def shape(self, company: Environment) -> Shape:
        """Say what the answer is. Raises InvalidArgument for a path that is none."""
        kind = self.measure.kind
        if kind in ("count", "sum"):
            return Shape("number")
        path = self.measure.of or self.measure.paths[0]
        shape = read_path(company, self.entity_type, path).shape
        return Shape(shape.kind, many=kind == "list", is_list=kind == "list")

    def only(self, rows: Sequence[Row]) -> Row:
        """Give the one of the rows that match. Raises InvalidArgument for none or more."""
        if len(rows) != 1:
            keys = ", ".join(row["id"] for row in rows[:5]) or "none"
            raise InvalidArgument(
                f"exactly one {spoken(self.entity_type)} must match, but {len(rows)} do: {keys}"
            )
        return rows[0]


Rows = Sequence[Row]
Result = Callable[[WorldQuery, WorldState, Sequence[Path], Rows], Any]


def _count(query: WorldQuery, world: WorldState, paths: Sequence[Path], rows: Rows) -> int:
    return len(rows)


def _sum(query: WorldQuery, world: WorldState, paths: Sequence[Path], rows: Rows) -> int | float:
    values = [value for row in rows for value in paths[0].values(world, row)]
    total = sum(map(money, values), Decimal())
    return int(total) if all(isinstance(value, int) for value in values) else float(total)


def _extreme(query: WorldQuery, world: WorldState, paths: Sequence[Path], rows: Rows) -> Any:
    key = instant_key if paths[0].shape.kind == "instant" else lambda value: value
    pairs = [(v, row) for row in rows for v in paths[0].values(world, row)]
    word = _EXTREMES[query.measure.kind]
    if not pairs:
        raise InvalidArgument(
            f"no {spoken(query.entity_type)} with {paths[0].text} matches: nothing is {word}"
        )
    pick = min if query.measure.kind == "min" else max
    best = pick((value for value, _ in pairs), key=key)
    if query.measure.of is None:
        return best
    having = {row["id"]: row for value, row in pairs if key(value) == key(best)}
    if len(having) > 1:
        tied = ", ".join(sorted(having)[:5])
        count = len(having)
        raise InvalidArgument(f"{count} rows share the {word} {paths[0].text}, {best}: {tied}")
    return _only_value(world, query, query.measure.of, *having.values())


def _field(query: WorldQuery, world: WorldState, paths: Sequence[Path], rows: Rows) -> Any:
    return _only_value(world, query, paths[0].text, query.only(rows))


def _list(query: WorldQuery, world: WorldState, paths: Sequence[Path], rows: Rows) -> list[Any]:
    """Give sorted values; of several paths, a list of the values of each row, ordered by the
    first."""
    if len(paths) == 1:
        found = [(value,) for row in rows for value in paths[0].values(world, row)]
    else:
        found = [tuple(v for path in paths for v in path.values(world, row)) for row in rows]
    if query.measure.distinct:
        found = list(dict.fromkeys(found))
    found.sort(key=lambda values: [(type(value).__name__, value) for value in values])
    return [values[0] if len(paths) == 1 else list(values) for values in found if values]


def _only_value(world: WorldState, query: WorldQuery, path: str, row: Row) -> Any:
    values = read_path(world.snapshot.company, query.entity_type, path).values(world, row)
    if len(values) != 1:
        raise InvalidArgument(
            f"{path} of {spoken(query.entity_type)} {row['id']} has {len(values)} values, not one"
        )
    return values[0]


_SCALAR = frozenset({"text", "number", "boolean", "instant", "day", "any"})
_ORDERED = frozenset({"number", "instant", "day"})
_MEASURABLE: Mapping[str, frozenset[str]] = {
    "sum": frozenset({"number"}),
    "min": _ORDERED,
    "max": _ORDERED,
}
_RESULTS: Mapping[str, Result] = {
    "count": _count,
    "sum": _sum,
    "min": _extreme,
    "max": _extreme,
    "field": _field,
    "list": _list,
}


def _extreme_sentence(query: WorldQuery) -> str:
    measured, rows = spoken_path(query.measure.paths[0]), plural(query.entity_type)
    extreme = f"the {_EXTREMES[query.measure.kind]} {measured.removeprefix('the ')}"
    if query.measure.of is None:
        return f"{extreme} among the {rows}"
    return f"{spoken_path(query.measure.of)} of the one with {extreme} among the {rows}"


_SENTENCES: Mapping[str, Callable[[WorldQuery], str]] = {
    "count": lambda query: f"the number of {plural(query.entity_type)}",
    "sum": lambda query: (
        f"the sum of {spoken_path(query.measure.paths[0])} over the {plural(query.entity_type)}"
    ),
    "min": _extreme_sentence,
    "max": _extreme_sentence,
    "field": lambda query: (
        f"{spoken_path(query.measure.paths[0])} of the {spoken(query.entity_type)}"
    ),
    "list": lambda query: (
        f"{listed(map(spoken_path, query.measure.paths))} of each {spoken(query.entity_type)}"
    ),
}
