"""The form of a launch: its fields, what it begins with, and how it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from authoring.launching.wish import KINDS, MOST_REPEATS, Wish
from authoring.splits import SPLITS
from simulation.editing.agents import limit_fields
from simulation.errors import InvalidArgument, Problems
from simulation.fault_form import LEVELS_MEAN, FaultsForm
from simulation.forms.by_hand import field_below
from simulation.forms.fields import Field

PREFIX = "run"
_field = partial(field_below, PREFIX, is_required=False)
FAULTS = FaultsForm(f"{PREFIX}.faults")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What can be chosen, each as (value, what people read)."""

    packs: Sequence[tuple[str, str]]
    runs: Sequence[tuple[str, str]]
    agents: Sequence[tuple[str, str]]
    judges: Sequence[tuple[str, str]]
    endpoints: Sequence[tuple[str, str]]


def launch_fields(offer: Offer) -> tuple[Field, ...]:
    return (*_what(offer), *_how(offer), *_rare(offer))


def _what(offer: Offer) -> tuple[Field, ...]:
    return (
        _field(
            "pack",
            "select",
            label="pack",
            choices=_values(offer.packs),
            hint="a frozen version: the same tasks whenever it is run",
        ),
        _field("split", "select", choices=SPLITS, hint="of the pack, or of the tasks"),
        _field(
            "tasks",
            "lines",
            label="only these tasks",
            hint="their names, one a line; without a pack as they are approved now. To tick them"
            " instead, begin in the list of tasks",
        ),
        _field(
            "changed_since",
            "select",
            label="only what changed since",
            choices=_values(offer.runs),
            hint="tasks whose revision differs from the one of that run, or that were not in it",
        ),
        _field("agents", "boxes", choices=_values(offer.agents)),
    )


def _how(offer: Offer) -> tuple[Field, ...]:
    return (
        _field(
            "repeats",
            "number",
            is_required=True,
            label="attempts at each task",
            hint=f"1 to {MOST_REPEATS}, each with a seed of its own",
        ),
        _field(
            "kind",
            "select",
            is_required=True,
            choices=KINDS,
            hint="numbers of evaluations count across runs",
        ),
        _field("title", "text", hint="empty: what is run and by whom"),
        _field(
            "judge",
            "select",
            choices=_values(offer.judges),
            hint="decides the criteria that no rule does",
        ),
        _field(
            "max_running",
            "number",
            label="episodes at one time",
            hint="of this run; empty: as many as workers and endpoints take",
        ),
        _field("seed", "number", hint="empty draws one; the same seed gives the same faults"),
    )


def _rare(offer: Offer) -> tuple[Field, ...]:
    return (
        _field(
            "customer",
            "group",
            label="a model that plays customers",
            hint="asked in conversations whose customer follows no script",
            members=(
                _field("customer.endpoint", "select", choices=_values(offer.endpoints)),
                _field("customer.model", "text", hint="as the endpoint calls it"),
            ),
        ),
        _field(
            "limits",
            "group",
            label="limits of an episode",
            hint="0 or empty is none of this run's own; those of tasks and agents hold as well",
            members=limit_fields("limits.", _field, calls=""),
        ),
        _field(
            "faults",
            "group",
            label="what is made to go wrong",
            hint=f"The same for all agents; the seed decides where. {LEVELS_MEAN}",
            members=FAULTS.fields,
        ),
    )


def first_values() -> dict[str, Any]:
    """Give what the form of a new run begins with."""
    return {"repeats": 1, "kind": KINDS[0]}


def values_of(wish: Wish) -> dict[str, Any]:
    """Give a wish as the form shows it."""
    kept = wish.kept()
    return first_values() | kept | {"faults": FAULTS.values(kept.get("faults"))}


def as_wished(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give what was typed as a wish says it. Raises Problems for faults that there are not."""
    given = dict(values)
    if "faults" in given:
        given["faults"] = _faults(given["faults"])
    since = given.get("changed_since")
    if isinstance(since, str) and since.isdecimal() and len(since) < 10:
        given["changed_since"] = int(since)
    return given


def _faults(typed: Any) -> dict[str, Any] | None:
    try:
        faults = FAULTS.read(typed)
    except Problems as error:
        raise Problems([f"faults.{line}" for line in error.problems]) from None
    except InvalidArgument as error:
        raise Problems([f"faults.{error.message}"]) from None
    return faults.model_dump() if faults else None


def _values(choices: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(value for value, _ in choices)
