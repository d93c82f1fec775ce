"""The list that a call is repeated for: an earlier result's, the answer of a world query, or lines
that somebody typed."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from authoring.references.changes import MAX_STEPS, calls_before
from authoring.references.solutions import Solution
from simulation.agents.reference import Results
from simulation.asking.address import MAX_CONDITIONS, Asked, Typed
from simulation.asking.reading import LISTS, ReadCondition, read_form
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.forms.fields import Field
from simulation.forms.repeated import count_rows
from simulation.operators import OP_WORDS
from simulation.refs import REF, resolve
from simulation.text import MAX_ARGUMENTS, clean_text
from simulation.transcript import StepRecord

EARLIER, QUERY, LINES = "earlier", "query", "lines"
SOURCES = {
    EARLIER: "a list in an earlier result",
    QUERY: "the answer of a world query",
    LINES: "lines that I type",
}
WHERE = "query.where"


def _field(name: str, label: str, kind: str = "text", **more: Any) -> Field:
    given = {"is_required": False, "hint": "", "expects": "", **more}
    return Field(name=name, label=label, kind=kind, **given)


def query_fields(company: Environment) -> tuple[Field, ...]:
    """Give the form of a query whose answer is a list."""
    return (
        _field("query.type", "rows of", "select", choices=tuple(company.entity_types)),
        _field(
            "query.path",
            "what of each row",
            hint="A field, such as id or customerId.name.",
            placeholder="id",
        ),
        _field(
            WHERE,
            "where",
            "rows",
            members=(
                _field(f"{WHERE}.path", "field"),
                _field(f"{WHERE}.op", "how", "select", choices=tuple(OP_WORDS)),
                _field(f"{WHERE}.value", "value", hint="Several with commas: is one of."),
            ),
        ),
    )


def items_of(
    solution: Solution, calls: Sequence[StepRecord], place: int, typed: QueryDict
) -> tuple[list[Any], str]:
    """Give the items of the list, and where they come from in words.

    place: where the calls will stand; only results before it can be used. Raises InvalidArgument
    that says what is wrong, with the input as its field.
    """
    match typed.get("source"):
        case "earlier":
            return _earlier(calls[: calls_before(solution.steps, place)], typed)
        case "query":
            return _queried(solution, typed)
        case "lines":
            return _typed_lines(typed)
    raise InvalidArgument("choose where the list comes from", field="source")


def _earlier(calls: Sequence[StepRecord], typed: QueryDict) -> tuple[list[Any], str]:
    path, part = _text(typed, "list.path"), _text(typed, "list.part")
    if not path:
        raise InvalidArgument("write the path of a list, such as 2", field="list.path")
    try:
        found = resolve({REF: path}, Results(calls))
    except InvalidArgument as error:
        raise InvalidArgument(error.message, field="list.path") from None
    if not isinstance(found, list):
        raise InvalidArgument(f"{path} leads to no list", field="list.path")
    tail = f".{part}" if part else ""
    paths = [f"{path}.{place}{tail}" for place in range(len(found))]
    for each in paths[:MAX_STEPS]:
        try:
            resolve({REF: each}, Results(calls))
        except InvalidArgument as error:
            raise InvalidArgument(error.message, field="list.part") from None
    return [{REF: each} for each in paths], f"each item of {path}"


def _queried(solution: Solution, typed: QueryDict) -> tuple[list[Any], str]:
    state = solution.look.scene.ready
    if state is None:
        raise InvalidArgument("the task has no world yet", field="query.type")
    reading = read_form(state.snapshot.company, asked_in(typed))
    if not typed.get("query.type"):
        raise InvalidArgument("choose what rows to ask for", field="query.type")
    if reading.query is None:
        raise _first_problem(reading.problems, reading.conditions)
    result = reading.query.result(state)
    return list(result), reading.query.sentence()


def asked_in(typed: QueryDict) -> Asked:
    """Read the query that a form holds."""
    count = min(count_rows(_field(WHERE, ""), typed), MAX_CONDITIONS)
    return Asked(
        entity_type=_text(typed, "query.type"),
        conditions=tuple(_condition(typed, row) for row in range(count)),
        measure="list",
        paths=(_text(typed, "query.path") or "id",),
    )


def _condition(typed: QueryDict, row: int) -> Typed:
    path, op, value = (_text(typed, f"{WHERE}.{row}.{name}") for name in ("path", "op", "value"))
    several = tuple(part.strip() for part in value.split(",")) if op in LISTS else (value,)
    return Typed(path, op or "eq", several if value else ())


def _first_problem(problems: Any, conditions: Sequence[ReadCondition]) -> InvalidArgument:
    for name, text in problems.items():
        return InvalidArgument(text, field=f"query.{'type' if name == 'type' else 'path'}")
    for row, condition in enumerate(conditions):
        for name, text in condition.problems.items():
            return InvalidArgument(text, field=f"{WHERE}.{row}.{name}")
        if condition.is_unfinished:
            return InvalidArgument("write a value", field=f"{WHERE}.{row}.value")
    return InvalidArgument("the query is not finished", field="query.type")


def _typed_lines(typed: QueryDict) -> tuple[list[Any], str]:
    text = clean_text(typed.get("lines", ""), limit=MAX_ARGUMENTS)[0]
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not found:
        raise InvalidArgument("write the items, one a line", field="lines")
    return list(found), "each line"


def _text(typed: QueryDict, name: str) -> str:
    return clean_text(typed.get(name, ""), limit=2000)[0].strip()
