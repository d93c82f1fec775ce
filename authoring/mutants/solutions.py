"""Editing solutions: steps are left out, doubled and moved, and references keep meaning the same
calls."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from authoring.content import CallStep, MessageStep
from authoring.mutants import Steps
from simulation.refs import REF

LOST = object()  # a reference to a call that is gone


def without(steps: Steps, place: int) -> Steps:
    """Leave a call out; arguments that took their value from its result go with it."""
    gone = number_of(steps, place)

    def moved(number: int) -> int | None:
        return None if number == gone else number - (number > gone)

    return [renumbered(step, moved) for at, step in enumerate(steps) if at != place]


def doubled(steps: Steps, place: int) -> Steps:
    """Make a call twice in a row; what refers to it means the first time."""
    first = number_of(steps, place)
    before, after = steps[: place + 1], steps[place + 1 :]
    later = [renumbered(step, lambda number: number + (number > first)) for step in after]
    return [*before, steps[place], *later]


def exchanged(steps: Steps, place: int, other: int) -> Steps:
    """Let two calls change places; one that needs the other's result loses that argument."""
    one, two = number_of(steps, place), number_of(steps, other)
    swap = {one: two, two: one}
    order = list(steps)
    order[place], order[other] = steps[other], steps[place]
    moved = [renumbered(step, lambda number: swap.get(number, number)) for step in order]
    return [_only_earlier(moved, at) for at in range(len(moved))]


def with_argument(steps: Steps, place: int, name: str, value: Any) -> Steps:
    """Give a call another value of an argument; LOST leaves the argument out."""
    step = steps[place]
    if not isinstance(step, CallStep):
        raise TypeError(f"step {place} is no call")
    arguments = {**step.arguments, name: value}
    if value is LOST:
        del arguments[name]
    return replaced(steps, place, step.model_copy(update={"arguments": arguments}))


def replaced(steps: Steps, place: int, step: CallStep | MessageStep) -> Steps:
    return [*steps[:place], step, *steps[place + 1 :]]


def number_of(steps: Steps, place: int) -> int:
    """Give the number by which references name the call at a place: calls count from 1."""
    return sum(isinstance(step, CallStep) for step in steps[: place + 1])


def refers_to(value: Any) -> set[int]:
    """Name the calls that a value refers to."""
    if isinstance(value, Mapping):
        if set(value) == {REF}:
            return {_number(value)}
        return set().union(*map(refers_to, value.values()))
    if isinstance(value, list | tuple):
        return set().union(*map(refers_to, value))
    return set()


def renumbered(
    step: CallStep | MessageStep, moved: Callable[[int], int | None]
) -> CallStep | MessageStep:
    if isinstance(step, MessageStep):
        return step
    arguments = {name: _moved(value, moved) for name, value in step.arguments.items()}
    kept = {name: value for name, value in arguments.items() if value is not LOST}
    return step.model_copy(update={"arguments": kept})


def _moved(value: Any, moved: Callable[[int], int | None]) -> Any:
    """Give a value with its references renumbered; LOST when one leads to a call that is gone."""
    if isinstance(value, Mapping):
        if set(value) == {REF}:
            number = moved(_number(value))
            rest = str(value[REF]).partition(".")[2]
            return LOST if number is None else {REF: f"{number}.{rest}".rstrip(".")}
        members = {name: _moved(item, moved) for name, item in value.items()}
        return LOST if LOST in members.values() else members
    if isinstance(value, list | tuple):
        items = [_moved(item, moved) for item in value]
        return LOST if any(item is LOST for item in items) else items
    return value


def _only_earlier(steps: Sequence[Any], place: int) -> Any:
    """Take from a call the references to itself and to later calls."""
    if isinstance(steps[place], MessageStep):
        return steps[place]
    own = number_of(steps, place)
    return renumbered(steps[place], lambda number: number if number < own else None)


def _number(ref: Mapping[str, Any]) -> int:
    return int(str(ref[REF]).partition(".")[0])
