"""References and earlier results in words that people read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from authoring.references.changes import number_in
from simulation import refs
from simulation.agents.reference import Results
from simulation.errors import InvalidArgument
from simulation.pages import shown_value, written
from simulation.transcript import StepRecord

MOST_OF_STEP = 40  # values of one result that are offered
MOST = 400
SHORT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A value of an earlier result, and the path by which it is taken."""

    path: str
    label: str
    value: Any


def say_path(path: str, places: Mapping[int, int]) -> str:
    """Say what a reference takes: "id of item 1 of the result of step 3".

    places: the number of the step of each call.
    """
    number = number_in(path)
    if number not in places:
        return f"{path}, which leads to no step"
    parts = path.split(".")[1:]
    inner = [f"item {int(part) + 1}" if part.isdecimal() else part for part in reversed(parts)]
    return " of ".join([*inner, f"the result of step {places[number]}"])


def say_value(path: str, calls: Sequence[StepRecord]) -> str:
    """Give the value that a reference takes, or why there is none."""
    try:
        return shown_value(refs.resolve({refs.REF: path}, Results(calls)))
    except InvalidArgument as error:
        return error.message


def earlier_values(
    calls: Sequence[StepRecord], places: Mapping[int, int], before: int
) -> list[Earlier]:
    """Give the values that a call may take: of the results of those before it, newest first.

    before: how many calls there are before it.
    """
    found: list[Earlier] = []
    for number in range(min(before, len(calls)), 0, -1):
        step = calls[number - 1]
        if not step.is_error:
            leaves = _leaves(orjson.loads(step.result), ())
            found += [
                _earlier(number, places, parts, value)
                for parts, value in _some(leaves, MOST_OF_STEP)
            ]
    return found[:MOST]


def lists_in(
    calls: Sequence[StepRecord], places: Mapping[int, int], before: int
) -> list[tuple[str, str, list[Any]]]:
    """Give the lists of earlier results, newest first: (path, in words, its items)."""
    found = []
    for number in range(min(before, len(calls)), 0, -1):
        step = calls[number - 1]
        if step.is_error:
            continue
        for parts, items in _some(_lists(orjson.loads(step.result), ()), MOST_OF_STEP):
            path = ".".join([str(number), *parts])
            found.append((path, f"{say_path(path, places)}, {len(items)}", items))
    return found[:MOST]


def _earlier(number: int, places: Mapping[int, int], parts: Sequence[str], value: Any) -> Earlier:
    shown = written(value)
    short = shown if len(shown) <= SHORT else f"{shown[:SHORT]}…"
    label = " · ".join([f"step {places.get(number, number)}", *parts])
    return Earlier(path=".".join([str(number), *parts]), label=f"{label} = {short}", value=value)


def _some(found: Iterator[Any], most: int) -> list[Any]:
    return [each for each, _ in zip(found, range(most), strict=False)]


def _leaves(value: Any, parts: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give plain values by their place, those that are nearest first, ids before others."""
    level = [(parts, value)]
    while level:
        plain = [each for each in level if not isinstance(each[1], dict | list)]
        yield from sorted(plain, key=lambda each: not each[0] or each[0][-1] != "id")
        level = [inner for place, item in level for inner in _members(item, place)]


def _lists(value: Any, parts: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    level = [(parts, value)]
    while level:
        yield from ((place, item) for place, item in level if isinstance(item, list) and item)
        level = [inner for place, item in level for inner in _members(item, place)]


def _members(value: Any, parts: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        yield from (((*parts, key), item) for key, item in value.items() if "." not in key)
    elif isinstance(value, list):
        yield from (((*parts, str(place)), item) for place, item in enumerate(value))
