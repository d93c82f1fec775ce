"""Repeat for each: one call for each item of a list, written out as plain steps."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.http import QueryDict

from authoring.references.changes import Step, calls_before
from authoring.references.listing import EARLIER, LINES, SOURCES, items_of, query_fields
from authoring.references.step_form import CallForm, Offered, Typed
from authoring.references.wording import lists_in, say_path
from simulation.errors import GymError, InvalidArgument
from simulation.forms.fields import Field
from simulation.forms.inputs import Form, Input
from simulation.forms.repeated import in_row
from simulation.operators import OP_WORDS
from simulation.pages import Choice, shown_value
from simulation.refs import REF
from simulation.wording import counted

MOST = 200
SHOWN = 20
INTO = "into"
_TAKING = ("text", "area", "number", "select", "day", "lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """The calls that would be added. shown: the first of them, in words."""

    steps: tuple[Step, ...]
    source: str
    shown: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatPage:
    """The form; `found` is there once it was asked for."""

    title: str
    number: int
    tool: str
    description: str
    writes: bool
    sources: tuple[Choice, ...]
    list_path: str
    list_part: str
    lists: Offered
    query: tuple[Input, ...]
    lines: str
    into: tuple[Choice, ...]
    inputs: tuple[Input, ...]
    offered: tuple[Offered, ...]
    problems: tuple[Choice, ...]
    rows_url: str
    url: str
    back_url: str
    back: str
    found: Repetition | None = None


def repetition(form: CallForm, typed: QueryDict) -> Repetition:
    """Write the calls out. Raises InvalidArgument, with the input as its field."""
    arguments, problems = form.read(typed)
    for name, text in problems.items():
        raise InvalidArgument(text, field=name)
    place = {field.name: field for field in taking(form.fields)}.get(typed.get(INTO, ""))
    if place is None:
        raise InvalidArgument("choose the argument that takes the item", field=INTO)
    items, source = items_of(form.solution, form.cards.calls, form.place, typed)
    if len(items) > MOST:
        raise InvalidArgument(f"that makes {len(items)} calls: {MOST} at most", field="source")
    if not items:
        raise InvalidArgument("the list is empty: there is nothing to call", field="source")
    steps = tuple(_step(form, arguments, place, item) for item in items)
    return Repetition(
        steps=steps,
        source=source,
        shown=tuple(_said(form, step) for step in steps[:SHOWN]),
        more=f"and {counted(len(steps) - SHOWN, 'more call')}" if len(steps) > SHOWN else "",
    )


def taking(fields: Sequence[Field]) -> Iterator[Field]:
    """Give the arguments that an item may go to; of repeated groups those of the first row."""
    for field in fields:
        if field.kind in _TAKING:
            yield field
        elif field.kind == "group":
            yield from taking(field.members)
        elif field.kind == "rows":
            yield from taking([in_row(member, field, 0) for member in field.members])


def repeat_page(
    form: CallForm,
    typed: QueryDict,
    *,
    added: str = "",
    error: GymError | None = None,
    found: Repetition | None = None,
) -> RepeatPage:
    before = calls_before(form.solution.steps, form.place)
    lists = lists_in(form.cards.calls, form.cards.places, before)
    source = typed.get("source") or (EARLIER if lists else LINES)
    problems = {error.field or "": error.message} if error else {}
    call = form.page(Typed(typed, problems, added))
    company = form.state.snapshot.company
    return RepeatPage(
        title="Repeat for each",
        number=call.number,
        tool=call.tool,
        description=call.description,
        writes=call.writes,
        sources=tuple(
            Choice(value=name, label=label, is_selected=name == source)
            for name, label in SOURCES.items()
        ),
        list_path=typed.get("list.path", ""),
        list_part=typed.get("list.part", "id"),
        lists=Offered(
            id="earlier-lists",
            choices=tuple(Choice(value=path, label=label) for path, label, _ in lists),
        ),
        query=_QueryForm(form.state, typed, problems, added).inputs(query_fields(company)),
        lines=typed.get("lines", ""),
        into=tuple(
            Choice(value=f.name, label=_place(f), is_selected=f.name == typed.get(INTO))
            for f in taking(form.fields)
        ),
        inputs=tuple(replace(each, must=False) for each in call.inputs),
        offered=call.offered,
        problems=call.problems,
        rows_url=call.rows_url,
        url=f"{form.solution.url('repeat', form.tool.name)}?at={call.number}",
        back_url=form.solution.url(),
        back=call.back,
        found=found,
    )


class _QueryForm(Form):
    """The form of a query, with words for its operators."""

    def _input(self, field: Field, *, must: bool) -> Input:
        made = super()._input(field, must=must)
        if field.key != "op":
            return made
        choices = tuple(
            replace(each, label=OP_WORDS.get(each.value, each.label)) for each in made.choices
        )
        return replace(made, choices=choices, blank="is")


def _place(field: Field) -> str:
    words = field.name.partition(".")[2].replace("_", " ").split(".")
    return " ".join(str(int(word) + 1) if word.isdecimal() else word for word in words)


def _step(form: CallForm, arguments: Mapping[str, Any], place: Field, item: Any) -> Step:
    value = item
    if place.is_number and isinstance(item, str):
        value = _number(item)
    if place.kind == "lines" and not place.takes_one:
        value = [value]
    written = deepcopy(dict(arguments))
    _put(written, place.name.split(".")[1:], value)
    order = [field.key for field in form.fields if field.key in written]
    return {"call": form.tool.name, "arguments": {name: written[name] for name in order}}


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return text


def _put(value: Any, path: Sequence[str], item: Any) -> None:
    """Write an item into arguments; what leads there is made."""
    for here, after in pairwise(path):
        empty: Any = [] if after.isdecimal() else {}
        if isinstance(value, list):
            if not value:
                value.append(empty)
            value = value[0]
        else:
            value = value.setdefault(here, empty)
    if isinstance(value, list):
        value[:] = [item]
    else:
        value[path[-1]] = item


def _said(form: CallForm, step: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {_value(form, value)}" for name, value in step["arguments"].items())


def _value(form: CallForm, value: Any) -> str:
    if isinstance(value, Mapping) and set(value) == {REF}:
        return say_path(str(value[REF]), form.cards.places)
    return shown_value(value)
