"""Expected values put into a check from the world: a literal, or a question whose answer counts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from authoring.content import DraftCriterion
from authoring.rubrics.form import WAYS, read_bound
from grading.check_forms.fields import form_of
from grading.check_forms.sheet import inputs_of, make_sheet
from grading.check_forms.typed import read_typed
from grading.graders import GRADERS
from simulation.asking.answers import query_data
from simulation.asking.offers import OWN, Offer, offers
from simulation.conditions import Condition
from simulation.entities import Row
from simulation.errors import InvalidArgument
from simulation.forms.inputs import Input
from simulation.forms.problems import places
from simulation.forms.values import ANY, write_value
from simulation.pages import shown_value
from simulation.query import Measure, WorldQuery
from simulation.state import WorldState


@dataclass(frozen=True)
class Spot:
    """An input of a criterion's check that takes an expected value.

    words: what it is called; bound: the question that it is bound to, entity_type: that of the rows
    which the check is about.
    """

    name: str
    words: str
    bound: Mapping[str, Any] | None
    entity_type: str


def spot_of(criterion: DraftCriterion, ready: WorldState, name: str) -> Spot:
    """Find the input of a name. Raises InvalidArgument when it takes no expected value."""
    inputs = _inputs_with(criterion, ready, name)
    kind = criterion.kind
    there = {each.name for each in _flat(make_sheet(kind, ready, inputs, ways=WAYS).inputs)}
    if name not in there:
        raise InvalidArgument(
            f"{name!r} takes no value from the world: begin at an input that does"
        )
    words = places(form_of(kind, ready.snapshot.company), inputs).get(name, name)
    return Spot(name, words, read_bound(inputs.get(name, "")), _entity_type(inputs, name))


def placed(criterion: DraftCriterion, ready: WorldState, spot: Spot, value: Any) -> dict[str, Any]:
    """Give a criterion's check with a value at a spot; {"query": …} binds it."""
    inputs = _inputs_with(criterion, ready, spot.name)
    is_query = isinstance(value, Mapping)
    inputs[spot.name] = (
        json.dumps(value, ensure_ascii=False) if is_query else write_value(value, ANY)
    )
    return read_typed(criterion.kind, ready.snapshot.company, inputs).data


def bound_to(query: WorldQuery) -> dict[str, Any]:
    return {"query": query_data(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowValue:
    """What a row has at a path. is_one: a literal can be taken of it."""

    path: str
    words: str
    value: str
    is_one: bool
    is_own: bool


def values_of(ready: WorldState, entity_type: str, row: Row) -> Iterator[RowValue]:
    for offer in offers(ready.snapshot.company, entity_type):
        found = offer.path.values(ready, row)
        if found and offer.shape.kind != "object":
            yield RowValue(
                path=offer.text,
                words=offer.words,
                value=", ".join(map(shown_value, found[:5])),
                is_one=len(found) == 1,
                is_own=offer.group == OWN,
            )


def value_at(ready: WorldState, entity_type: str, row: Row, path: str, *, is_bound: bool) -> Any:
    """Give a row's value at a path, or the question for it. Raises InvalidArgument for no path."""
    offer = _offer(ready, entity_type, path)
    if is_bound:
        where = (Condition(path="id", value=row["id"]),)
        measure = Measure(list=path) if offer.shape.many else Measure(field=path)
        return bound_to(WorldQuery(entity_type=entity_type, where=where, measure=measure))
    found = offer.path.values(ready, row)
    if len(found) != 1:
        raise InvalidArgument(
            f"{path}: this row has {len(found)} values there, take a list of them"
        )
    return found[0]


def _offer(ready: WorldState, entity_type: str, path: str) -> Offer:
    there = offers(ready.snapshot.company, entity_type)
    found = next((each for each in there if each.text == path), None)
    if found is None:
        raise InvalidArgument(f"{entity_type} has no field {path!r}")
    return found


def _inputs_with(criterion: DraftCriterion, ready: WorldState, name: str) -> QueryDict:
    """Give the inputs of a check, with the one of this name even where its row is new."""
    if criterion.kind not in GRADERS:
        raise InvalidArgument("the criterion has no check yet: choose its kind first")
    inputs = inputs_of(criterion.kind, ready, criterion.check)
    if name not in inputs:
        inputs[name] = ""
    inputs.pop(f"{name}:as", None)
    return inputs


def _flat(inputs: Sequence[Input]) -> Iterator[Input]:
    for each in inputs:
        if each.ways:
            yield each
        yield from _flat(each.members)
        for row in each.items:
            yield from _flat(row.members)


def _entity_type(inputs: QueryDict, name: str) -> str:
    place = name
    while place:
        place = place.rpartition(".")[0]
        if found := inputs.get(f"{place}.entity_type"):
            return str(found)
    return ""
