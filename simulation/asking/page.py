"""What the query page shows, as plain values: the view fills them, templates print them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from simulation.addresses import world_url
from simulation.asking import answers, reading
from simulation.asking.address import Asked, asked_of
from simulation.asking.examples import examples
from simulation.asking.inputs import ConditionInputs, condition_inputs
from simulation.asking.offers import Offer, offers
from simulation.asking.schema import options_html, paths_html
from simulation.asking.tables import RowsTable, rows_table, written
from simulation.browser.head import WorldHead
from simulation.models import World
from simulation.pages import Choice, Notice
from simulation.state import WorldState
from simulation.wording import counted, plural, shown
from simulation.worlds import open_world

LONG = 14  # characters that still stand in the largest type
MEASURES = {
    "count": "count the rows",
    "sum": "sum up",
    "min": "lowest",
    "max": "highest",
    "field": "value of the one row",
    "list": "list",
}
_MEASURABLE = {
    "sum": ("number",),
    "min": ("number", "instant", "day"),
    "max": ("number", "instant", "day"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question to start from."""

    sentence: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureInputs:
    """What is computed; `paths` has one more than is typed where there may be several."""

    kinds: tuple[Choice, ...]
    kind: str
    paths: tuple[str, ...]
    of: str
    has_of: bool
    keeps_repeats: bool
    path_problem: str
    of_problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """`items` is a list that was asked for, `value` anything else; both ready to show."""

    sentence: str
    value: str
    is_long: bool
    items: tuple[str, ...]
    items_note: str
    notice: Notice | None
    hidden_note: str
    table: RowsTable
    yaml: str
    json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPage:
    """`answer` is None while the query is not whole; `status` says what it waits for."""

    head: WorldHead
    url: str
    address: str
    is_draft: bool
    types: tuple[Choice, ...]
    type_problem: str
    conditions: tuple[ConditionInputs, ...]
    measure: MeasureInputs
    measurable: tuple[Choice, ...]
    paths_html: SafeString
    options_html: SafeString
    rows_word: str
    examples: tuple[Example, ...]
    problems: tuple[Choice, ...]
    status: str
    answer: AnswerView | None
    is_fragment: bool = False


def query_page(
    world: World,
    asked: Asked,
    *,
    head: WorldHead,
    sheet: int,
    is_fragment: bool,
    state: WorldState | None = None,
) -> QueryPage:
    """state: what is asked instead of the world as it is, such as a clone after a setup."""
    state = WorldState(open_world(world)) if state is None else state
    fresh = WorldState(state.snapshot)  # lists and examples are kept, once for all clones
    company = state.snapshot.company
    read = reading.read_form(company, asked)
    asked = replace(read.asked, entity_type=read.kind.name)
    url = world_url(world, "query/")
    there = offers(company, read.kind.name)
    conditions = tuple(
        condition_inputs(state, read.kind.name, number, each)
        for number, each in enumerate(read.conditions, start=1)
    )
    found = answers.answer(read.query, state) if read.query else None
    return QueryPage(
        head=head,
        url=url,
        address=asked.address(),
        is_draft=world.is_draft,
        types=_types(state, read.kind.name),
        type_problem=read.problems.get("type", ""),
        conditions=conditions,
        measure=_measure(asked, read),
        measurable=_measurable(asked, there),
        paths_html=paths_html(fresh, read.kind.name),
        options_html=options_html(fresh, read.kind.name),
        rows_word=plural(read.kind.name),
        examples=_examples(fresh, read.kind.name),
        problems=tuple(_problems(read, conditions)),
        status=_status(read),
        answer=_view(world, state, asked, found, sheet) if found else None,
        is_fragment=is_fragment,
    )


def _types(state: WorldState, chosen: str) -> tuple[Choice, ...]:
    rows = state.snapshot.rows
    more = Counter(c.entity_type for c in state.setup if c.before is None)
    more.subtract(c.entity_type for c in state.setup if c.after is None)
    return tuple(
        Choice(
            value=name,
            label=f"{kind.label_plural} ({len(rows(name)) + more[name]:,})",
            is_selected=name == chosen,
        )
        for name, kind in state.entity_types.items()
    )


def _measure(asked: Asked, read: reading.Reading) -> MeasureInputs:
    paths = asked.paths or ("",)
    if asked.measure == "list":
        paths = (*filter(None, paths), "")
    return MeasureInputs(
        kinds=tuple(
            Choice(value=kind, label=label, is_selected=kind == asked.measure)
            for kind, label in MEASURES.items()
        ),
        kind=asked.measure,
        paths=() if asked.measure == "count" else paths if asked.measure == "list" else paths[:1],
        of=asked.of,
        has_of=asked.measure in reading.WITH_OF,
        keeps_repeats=asked.keeps_repeats,
        path_problem=read.problems.get("path", ""),
        of_problem=read.problems.get("of", ""),
    )


def _measurable(asked: Asked, there: Sequence[Offer]) -> tuple[Choice, ...]:
    kinds = _MEASURABLE.get(asked.measure)
    return tuple(
        Choice(value=offer.text, label=offer.words)
        for offer in there
        if not kinds or offer.shape.kind in kinds
    )


def _examples(state: WorldState, entity_type: str) -> tuple[Example, ...]:
    company = state.snapshot.company
    return tuple(
        Example(sentence=query.sentence(), url=f"?{asked_of(query, company).address()}")
        for query in examples(state, entity_type)
    )


def _problems(read: reading.Reading, rows: Sequence[ConditionInputs]) -> Any:
    """Give (place, message) of everything that is wrong, for the summary."""
    targets = {"type": "id_type", "path": "id_path_0", "of": "id_of"}
    for name, message in read.problems.items():
        yield Choice(value=targets[name], label=message)
    for row in rows:
        for part, message in (
            (f"id_path{row.number}", row.path_problem),
            (f"id_op{row.number}", row.op_problem),
            (f"id_value{row.number}_0", row.value_problem),
        ):
            if message:
                yield Choice(value=part, label=f"Condition {row.number}: {message}")


def _status(read: reading.Reading) -> str:
    if read.query:
        return ""
    if read.count_of_problems:
        return "Mend what is marked in the form; then the answer stands here."
    return "A condition has no value yet. Give it one, or remove it; then the answer stands here."


def _view(
    world: World, state: WorldState, asked: Asked, found: answers.Answer, sheet: int
) -> AnswerView:
    query, value = found.query, found.value
    is_list = isinstance(value, list)
    text = "" if is_list or value is None else _large(value)
    notice = (
        Notice(tone="warn", title=_headline(found), text=found.advice) if found.problem else None
    )
    return AnswerView(
        sentence=query.sentence(),
        value=text,
        is_long=len(text) > LONG,
        items=tuple(shown(item) for item in value[:200]) if is_list else (),
        items_note=_items_note(value) if is_list else "",
        notice=notice,
        hidden_note=answers.hidden_note(found.hidden, query.entity_type, state.now),
        table=rows_table(world, state, asked, found, sheet),
        yaml=answers.as_yaml(query),
        json="" if found.problem else answers.as_json(query, value),
    )


def _headline(found: answers.Answer) -> str:
    return f"No single answer: {found.problem}."


def _items_note(value: Sequence[Any]) -> str:
    more = f", the first {200} shown" if len(value) > 200 else ""
    return f"{counted(len(value), 'value')}{more}"


def _large(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return written(value) if is_number else shown(value)
