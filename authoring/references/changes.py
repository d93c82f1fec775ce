"""Changing a solution, so that every reference still finds the step that it meant.

A solution is a list of {"call", "arguments"} and {"message"}. References count its calls from 1, so
they are numbered anew wherever a call comes, goes or moves. Places count from 0. Nothing here
changes what it is given.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from simulation import refs
from simulation.errors import Conflict, InvalidArgument
from simulation.refs import REF
from simulation.wording import listed

Step = dict[str, Any]
Steps = Sequence[Mapping[str, Any]]
MAX_STEPS = 1000  # as many as a draft takes


class Referred(Conflict):
    """A step cannot go: later ones take values from its result. `users` are their places."""

    def __init__(self, place: int, users: Sequence[int]) -> None:
        names = listed(str(user + 1) for user in users)
        words = f"step {names} uses" if len(users) == 1 else f"steps {names} use"
        super().__init__(f"{words} the result of step {place + 1}")
        self.place, self.users = place, tuple(users)


def is_call(step: Mapping[str, Any]) -> bool:
    return "call" in step


def call_numbers(steps: Steps) -> list[int]:
    """Give the number of each step's call, by which references name it; 0 for a message."""
    numbers, count = [], 0
    for step in steps:
        count += is_call(step)
        numbers.append(count if is_call(step) else 0)
    return numbers


def calls_before(steps: Steps, place: int) -> int:
    return sum(map(is_call, steps[:place]))


def end_of(steps: Steps) -> int:
    """Give the place behind the last call, where the next one is added: before the last message."""
    ends_with_message = bool(steps) and not is_call(steps[-1])
    return len(steps) - ends_with_message


def paths_in(value: Any) -> Iterator[str]:
    """Give the paths of all references in a value."""
    if isinstance(value, Mapping):
        if set(value) == {REF}:
            yield str(value[REF])
        else:
            for item in value.values():
                yield from paths_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from paths_in(item)


def number_in(path: str) -> int:
    """Give the number of the call that a path begins with, 0 where it begins with none."""
    head = path.partition(".")[0]
    return int(head) if head.isdecimal() and head.isascii() and len(head) < 7 else 0


def users_of(steps: Steps, place: int) -> list[int]:
    """Give the places of the steps that refer to the result of one."""
    number = call_numbers(steps)[place]
    return [
        at
        for at, step in enumerate(steps)
        if number and number in map(number_in, paths_in(step.get("arguments")))
    ]


def insert(steps: Steps, place: int, new: Steps) -> list[Step]:
    """Put steps before a place. References in the new ones are numbered as they will stand.

    Raises Conflict when the place is not there, or behind the last message.
    """
    if not 0 <= place <= end_of(steps):
        raise Conflict(f"there is no place {place + 1}: the solution has {len(steps)} steps now")
    if len(steps) + len(new) > MAX_STEPS:
        raise Conflict(f"a solution has at most {MAX_STEPS} steps")
    order: list[int | None] = [*range(place), *([None] * len(new)), *range(place, len(steps))]
    return _arranged(steps, order, new)


def move(steps: Steps, place: int, to: int) -> list[Step]:
    """Take a step out and put it so that it stands at another place.

    Raises Conflict when it would come before a step whose result it uses, or behind one that uses
    its own, or when it is the last message.
    """
    end = end_of(steps)
    if not (0 <= place < end and 0 <= to < end):
        raise Conflict(f"step {place + 1} cannot go to place {to + 1}")
    order: list[int | None] = [at for at in range(len(steps)) if at != place]
    order.insert(to, place)
    if broken := _turned_round(steps, order):
        user, source = broken
        raise Conflict(
            f"step {user + 1} uses the result of step {source + 1}, so it stays behind it"
        )
    return _arranged(steps, order)


def remove(steps: Steps, place: int, results: Sequence[Any] | None = None) -> list[Step]:
    """Take a step away.

    results: of the calls in order, None for one that failed; then whatever refers to the step gets
    the value that it had. Raises Referred when steps refer to it and there are no results, Conflict
    when a value cannot be had.
    """
    if not 0 <= place < len(steps):
        raise Conflict(f"there is no step {place + 1} any more")
    users = users_of(steps, place)
    others = [user for user in users if user != place]
    if others and results is None:
        raise Referred(place, others)
    if others and results is not None:
        number = call_numbers(steps)[place]
        steps = [_with_values(step, number, results) for step in steps]
    return _arranged(steps, [at for at in range(len(steps)) if at != place])


def duplicate(steps: Steps, place: int) -> list[Step]:
    """Put a copy of a call behind it."""
    if not 0 <= place < len(steps) or not is_call(steps[place]):
        raise Conflict(f"there is no call at step {place + 1} to duplicate")
    return insert(steps, place + 1, [steps[place]])


def replace_call(steps: Steps, place: int, step: Mapping[str, Any]) -> list[Step]:
    """Put another call in the place of one."""
    if not 0 <= place < len(steps) or not is_call(steps[place]):
        raise Conflict(f"there is no call at step {place + 1} any more")
    return [dict(step) if at == place else dict(each) for at, each in enumerate(steps)]


def with_message(steps: Steps, text: str) -> list[Step]:
    """End a solution with a message; "" ends it without one."""
    calls = [dict(step) for step in steps[: end_of(steps)]]
    return [*calls, {"message": text}] if text.strip() else calls


def shifted(steps: Steps, by: int) -> list[Step]:
    """Number the references of steps that come behind so many other calls."""
    numbers = range(1, MAX_STEPS + 1)
    return [_renumbered(step, {number: number + by for number in numbers}) for step in steps]


def _arranged(steps: Steps, order: Sequence[int | None], new: Steps = ()) -> list[Step]:
    """Put steps into an order of their old places; None takes the next of the new ones."""
    fresh = iter(new)
    laid = [next(fresh) if at is None else steps[at] for at in order]
    before, after = call_numbers(steps), call_numbers(laid)
    moved = {before[at]: after[here] for here, at in enumerate(order) if at is not None}
    return [
        dict(step) if at is None else _renumbered(step, moved)
        for at, step in zip(order, laid, strict=True)
    ]


def _turned_round(steps: Steps, order: Sequence[int | None]) -> tuple[int, int] | None:
    """Find a step that an order puts before one whose result it uses: (step, the other)."""
    stands = {at: here for here, at in enumerate(order) if at is not None}
    for source in range(len(steps)):
        for user in users_of(steps, source):
            if user > source and stands[user] < stands[source]:
                return user, source
    return None


def _renumbered(step: Mapping[str, Any], numbers: Mapping[int, int]) -> Step:
    def renumber(path: str) -> Any:
        _, dot, rest = path.partition(".")
        number = number_in(path)
        return {REF: f"{numbers[number]}{dot}{rest}" if numbers.get(number) else path}

    return _with_paths(step, renumber)


def _with_values(step: Mapping[str, Any], number: int, results: Sequence[Any]) -> Step:
    """Write the values in place of the references to one call. Raises Conflict."""

    def value_of(path: str) -> Any:
        if number_in(path) != number:
            return {REF: path}
        try:
            return refs.resolve({REF: path}, results)
        except InvalidArgument as error:
            raise Conflict(f"no value to put in its place: {error.message}") from None

    return _with_paths(step, value_of)


def _with_paths(step: Mapping[str, Any], change: Callable[[str], Any]) -> Step:
    """Copy a step with something else in place of each reference."""
    if not is_call(step):
        return dict(step)
    return {**step, "arguments": _changed(step.get("arguments") or {}, change)}


def _changed(value: Any, change: Callable[[str], Any]) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {REF}:
            return change(str(value[REF]))
        return {key: _changed(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_changed(item, change) for item in value]
    return value
