"""The form of one call of a solution: its arguments, typed or taken from earlier results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict

from authoring.references import changes
from authoring.references.cards import Cards, StepCard
from authoring.references.solutions import Solution
from authoring.references.wording import Earlier, earlier_values, say_path, say_value
from simulation.addresses import world_url
from simulation.forms.fields import Field
from simulation.forms.inputs import Input
from simulation.forms.referring import ReferringForm, read_referring, write_referring
from simulation.pages import Choice
from simulation.playground.fields import form_of, of_argument
from simulation.playground.page import error_of, known_field, linked_problems, nearest_input
from simulation.state import WorldState
from simulation.tools import Tool
from simulation.transcript import StepRecord

ALL = "earlier"  # the id of the list of all earlier results
FIELD_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A list of earlier results to choose from: all, or the ids of rows of one type."""

    id: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPage:
    """The form of a call. number: where the step stands, or will. card: how it was played, None
    for one that is new. key and base: what the form says it has seen."""

    title: str
    number: int
    tool: str
    description: str
    writes: bool
    inputs: tuple[Input, ...]
    offered: tuple[Offered, ...]
    problems: tuple[Choice, ...]
    rows_url: str
    url: str
    back_url: str
    back: str
    key: str = ""
    base: str = ""
    card: StepCard | None = None
    choose_url: str = ""


@dataclass(frozen=True)
class Typed:
    """What a request holds: inputs (None takes the step's), problems by input, the group that gets
    one more row."""

    inputs: QueryDict | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    added: str = ""


@dataclass(frozen=True)
class CallForm:
    """The form of a call of one tool, at a place of a solution.

    arguments: those that the step has. is_new: it is not there yet.
    """

    solution: Solution
    tool: Tool
    place: int
    state: WorldState
    arguments: Mapping[str, Any] = field(default_factory=dict)
    is_new: bool = True

    @property
    def fields(self) -> tuple[Field, ...]:
        return form_of(self.tool, self.state.snapshot.company)

    def read(self, typed: QueryDict) -> tuple[dict[str, Any], dict[str, str]]:
        return read_referring(self.fields, typed)

    @cached_property
    def cards(self) -> Cards:
        return Cards(self.solution, rows=FIELD_ROWS)

    @cached_property
    def earlier(self) -> list[Earlier]:
        before = changes.calls_before(self.solution.steps, self.place)
        return earlier_values(self.cards.calls, self.cards.places, before)

    @cached_property
    def offered(self) -> tuple[Offered, ...]:
        """The lists to choose from: one of all, and one of the ids of each type that is taken."""
        targets = sorted({each.target for each in _flat(self.fields)} - {""})
        lists = [self._of_type(target) for target in targets]
        everything = Offered(id=ALL, choices=_choices(self.earlier))
        return tuple(each for each in (everything, *lists) if each.choices)

    def _of_type(self, target: str) -> Offered:
        played = self.cards.scene.played
        there = played.evidence.world if played else self.state
        ids = [e for e in self.earlier if isinstance(e.value, str) and there.get(target, e.value)]
        return Offered(id=f"{ALL}-{target}", choices=_choices(ids))

    def page(self, typed: Typed) -> StepPage:
        solution = self.solution
        made = None if self.is_new else self.cards.made(self.place)
        inputs = typed.inputs
        if inputs is None:
            inputs = write_referring(self.fields, self.arguments)
        problems = self._problems(typed, made)
        number = self.place + 1
        key = "" if self.is_new else solution.key(self.place)
        seen = "" if self.is_new else solution.seen(self.place)
        url = solution.url("step", number)
        if self.is_new:
            url = f"{solution.url('new', self.tool.name)}?at={number}"
        return StepPage(
            title=f"{'New step' if self.is_new else 'Step'} {number}",
            number=number,
            tool=self.tool.name,
            description=self.tool.description,
            writes=self.tool.writes,
            inputs=self._form(inputs, problems, typed.added).inputs(self.fields),
            offered=self.offered,
            problems=tuple(linked_problems(problems)),
            rows_url=f"{world_url(solution.scene.world, 'query/rows/')}?"
            if solution.scene.world
            else "",
            url=url,
            back_url=solution.url() if self.is_new else f"{solution.url()}#step-{number}",
            back="the reference" if solution.miss is None else solution.name,
            key=key,
            base=inputs.get(f"base.{key}") or seen,
            card=None if self.is_new else self.cards.card(self.place),
            choose_url=f"{solution.url('choose')}?at={number}",
        )

    def _form(self, inputs: QueryDict, problems: Mapping[str, str], added: str) -> ReferringForm:
        lists = {each.id.removeprefix(ALL).removeprefix("-"): each.id for each in self.offered}
        return ReferringForm(self.state, inputs, problems, added, lists=lists, means=self._means)

    def _means(self, path: str) -> str:
        value = say_value(path, self.cards.calls)
        return f"{say_path(path, self.cards.places)}: {value}"

    def _problems(self, typed: Typed, made: StepRecord | None) -> dict[str, str]:
        """Add to what cannot be read what the tool refuses, at the argument that it is about."""
        problems = dict(typed.problems)
        if typed.inputs is None and (error := error_of(made)):
            place = of_argument(known_field(self.tool, error.get("field", "")))
            problems.setdefault(nearest_input(place, self.fields), error["message"])
        return problems


def _flat(fields: Sequence[Field]) -> list[Field]:
    return [each for field in fields for each in (field, *_flat(field.members))]


def _choices(earlier: Sequence[Earlier]) -> tuple[Choice, ...]:
    return tuple(Choice(value=each.path, label=each.label) for each in earlier)
