"""A form over what is stored: what is typed, what is wrong, and what somebody else stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from simulation.forms.fields import Field
from simulation.forms.inputs import Form, Input
from simulation.forms.problems import linked, placed, places
from simulation.forms.reading import ABSENT, read_input
from simulation.forms.repeated import ADD, edited, is_edited
from simulation.forms.writing import write_inputs
from simulation.pages import Choice, shown_value
from simulation.state import WorldState
from simulation.text import without_nulls

BASE, AGAINST, TAKE, PREVIEW = "base", "against", "take", "preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPair:
    """One field on which two people differ; `take` is what the button says to take theirs."""

    label: str
    mine: str
    theirs: str
    take: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`pairs` is None where nobody else changed anything, empty where both say the same."""

    inputs: tuple[Input, ...]
    problems: tuple[Choice, ...]
    base: str
    pairs: tuple[FieldPair, ...] | None
    has_markdown: bool
    rows_url: str


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A request that holds a form, or the stored values where nothing was sent yet.

    messages: what is wrong, each beginning with its path. problems: what could not be read, by
    the name of its input. against: whether to show how the typed differs from the stored.
    """

    inputs: QueryDict
    messages: Sequence[str] = ()
    problems: Mapping[str, str] | None = None
    added: str = ""
    previews: bool = False
    against: bool = False


def is_only_edited(sent: QueryDict) -> bool:
    """Tell whether a button was pressed that changes or shows the form and saves nothing."""
    return is_edited(sent) or TAKE in sent or PREVIEW in sent


def only_edited(fields: Sequence[Field], stored: Mapping[str, Any], sent: QueryDict) -> Typed:
    """Do what the pressed button says."""
    inputs = _taken(fields, stored, edited(sent))
    return Typed(
        inputs=inputs,
        added=sent.get(ADD, ""),
        previews=PREVIEW in sent,
        against=AGAINST in sent,
    )


def make_sheet(
    state: WorldState | None,
    fields: Sequence[Field],
    stored: Mapping[str, Any],
    typed: Typed,
    *,
    base: str,
    prefix: str,
    rows_url: str,
) -> Sheet:
    """Make a form over `stored`, whose fingerprint is `base`.

    state: where ids are looked up, None where no field takes one.
    """
    there = places(fields, typed.inputs)
    problems = dict(typed.problems or {})
    problems |= placed(typed.messages, there, typed.inputs, prefix=prefix)
    form = Form(state, typed.inputs, problems, typed.added, typed.previews)
    pairs = tuple(_pairs(fields, stored, typed.inputs)) if typed.against else None
    return Sheet(
        inputs=form.inputs(fields),
        problems=linked(problems, there),
        base=base,
        pairs=pairs,
        has_markdown=any(_has_markdown(field) for field in fields),
        rows_url=rows_url,
    )


def _pairs(
    fields: Sequence[Field], stored: Mapping[str, Any], typed: QueryDict
) -> Iterator[FieldPair]:
    for field in fields:
        mine, theirs = read_input(field, typed), stored.get(field.key)
        mine = None if mine is ABSENT else without_nulls(mine)
        if mine != theirs:
            yield FieldPair(
                label=field.label,
                mine=shown_value(mine),
                theirs=shown_value(theirs),
                take=field.name,
            )


def _taken(fields: Sequence[Field], stored: Mapping[str, Any], typed: QueryDict) -> QueryDict:
    """Replace what is typed for one field by what is stored, when that is asked for."""
    taken = [field for field in fields if field.name == typed.get(TAKE)]
    for field in taken:
        kept = QueryDict(mutable=True)
        for name in typed:
            if name != field.name and not name.startswith((f"{field.name}.", f"{field.name}:")):
                kept.setlist(name, typed.getlist(name))
        for name, texts in write_inputs([field], stored).lists():
            kept.setlist(name, texts)
        typed = kept
    return typed


def _has_markdown(field: Field) -> bool:
    return field.is_markdown or any(map(_has_markdown, field.members))
