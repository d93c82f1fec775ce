"""What a query gives: the answer, the rows behind it, and itself to copy as an expected value."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from simulation.entities import Row
from simulation.errors import InvalidArgument
from simulation.paths import Path, read_path
from simulation.query import WorldQuery
from simulation.state import WorldState
from simulation.values import instant_key
from simulation.wording import counted

MAX_COLUMNS = 8
ADVICE = {
    "field": "Add a condition until one row is left, or take a list.",
    "min": "Add a condition that tells them apart, or leave “of” empty to take the value itself.",
    "max": "Add a condition that tells them apart, or leave “of” empty to take the value itself.",
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`value` is None where there is no one answer; `problem` says why."""

    query: WorldQuery
    rows: Sequence[Row]
    columns: tuple[Path, ...]
    hidden: int
    value: Any = None
    problem: str = ""
    advice: str = ""


def answer(query: WorldQuery, world: WorldState) -> Answer:
    rows = query.rows(world)
    columns = tuple(_columns(query, world))
    value, problem, advice = None, "", ""
    try:
        value = query.measured(world, rows)
    except InvalidArgument as error:
        problem, advice = error.message, ADVICE.get(query.measure.kind, "") if rows else ""
    return Answer(
        query=query,
        rows=_ordered(query, world, rows),
        columns=columns,
        hidden=len(world.snapshot.hidden(query.entity_type)),
        value=value,
        problem=problem,
        advice=advice,
    )


def hidden_note(count: int, entity_type: str, now: str) -> str:
    """Say which rows are not counted, "" when there are none."""
    if not count:
        return ""
    verb = "was" if count == 1 else "were"
    return (
        f"{counted(count, entity_type)} {verb} created after the clock ({now}) and not counted:"
        " agents cannot see them."
    )


def as_yaml(query: WorldQuery) -> str:
    """Write the query as an expected value of a task file; loading the file freezes its value."""
    return yaml.safe_dump(
        {"query": query_data(query)},
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100,
    )


def as_json(query: WorldQuery, value: Any) -> str:
    """Write the query as a bound value, with its result frozen beside it."""
    bound = {"query": query_data(query), "value": value}
    return json.dumps(bound, ensure_ascii=False, indent=2)


def query_data(query: WorldQuery) -> dict[str, Any]:
    """Give a query as the shortest data that reads back as it."""
    data: dict[str, Any] = query.model_dump(mode="json", exclude_defaults=True)
    where = data.pop("where", None)
    measure = query.measure.model_dump(mode="json")
    return {
        "entity_type": query.entity_type,
        **({"where": where} if where else {}),
        "measure": measure,
    }


def _columns(query: WorldQuery, world: WorldState) -> list[Path]:
    """Give the paths that were asked about, then some of the row's own to know it by."""
    company = world.snapshot.company
    asked = [*query.measure.paths, *([query.measure.of] if query.measure.of else [])]
    asked += [condition.path for condition in query.where]
    kind = world.snapshot.entity_type(query.entity_type)
    own = [name for name, field in kind.fields.items() if field.choices or field.target]
    extra = own[:4] if not asked else []
    names = dict.fromkeys(path for path in (*asked, *extra) if path != "id")
    return [read_path(company, query.entity_type, name) for name in [*names][:MAX_COLUMNS]]


def _ordered(query: WorldQuery, world: WorldState, rows: list[Row]) -> list[Row]:
    """Put the row that reaches an extreme first; otherwise leave them by id."""
    kind = query.measure.kind
    if kind not in ("min", "max"):
        return rows
    path = read_path(world.snapshot.company, query.entity_type, query.measure.paths[0])
    pick = min if kind == "min" else max
    key = instant_key if path.shape.kind == "instant" else lambda value: value
    having = [(pick(map(key, values)), row) for row in rows if (values := path.values(world, row))]
    having.sort(key=lambda pair: pair[0], reverse=kind == "max")
    return [row for _, row in having] + [row for row in rows if not path.values(world, row)]
