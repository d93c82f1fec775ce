"""The form of a check with what is wrong, each problem at its input: what a page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from grading.check_forms.fields import PREFIX, form_of
from grading.check_forms.inputs import CheckForm, Ways
from grading.check_forms.typed import write_typed
from simulation.forms.inputs import Input
from simulation.forms.problems import Places, linked, placed, places
from simulation.pages import Choice
from simulation.state import WorldState


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSheet:
    """The inputs of a check; `problems` lead to the input that each is about."""

    inputs: tuple[Input, ...]
    problems: tuple[Choice, ...] = ()


def make_sheet(
    kind: str,
    state: WorldState,
    inputs: QueryDict,
    *,
    messages: Sequence[str] = (),
    problems: Mapping[str, str] | None = None,
    added: str = "",
    ways: Ways | None = None,
) -> CheckSheet:
    """state: the world whose rows, fields and tools are offered. messages: what graders say is
    wrong, each beginning with its path. problems: what could not be read, by the name of its input.
    added: the repeated group that gets one more row. ways: how else expected values are filled."""
    fields = form_of(kind, state.snapshot.company)
    there = places(fields, inputs)
    lines = [_without_prefix(message, there) for message in messages]
    found = {**(problems or {}), **placed(lines, there, inputs, prefix=PREFIX)}
    form = CheckForm(state, inputs, found, added, ways=ways)
    return CheckSheet(inputs=form.inputs(fields), problems=linked(found, there))


def inputs_of(kind: str, state: WorldState, data: Mapping[str, Any]) -> QueryDict:
    """Give a check as the inputs of its form, without gaps between rows."""
    return write_typed(kind, state.snapshot.company, data)


def _without_prefix(message: str, there: Places) -> str:
    """Write a message of a grader as one that begins with its place in the form."""
    path, colon, text = message.partition(": ")
    if path == PREFIX:
        return text
    place = path.removeprefix(f"{PREFIX}.")
    place, _, more = place.partition(" ")  # "entity_type 'sal': …" names its place without a colon
    text = f"{more}: {text}" if more else text
    if f"{PREFIX}.{place}.path" in there:
        place = f"{place}.path"
    return f"{place}{colon}{text}"
