"""A write takes another number: one more, one less, digits swapped, a cent off."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from authoring.mutants import KINDS, Mutation
from authoring.mutants.solutions import with_argument
from authoring.mutants.subject import Subject
from authoring.mutants.values import wrong_numbers

CENT = Decimal("0.01")


@KINDS.add("write-amount")
def write_amount(subject: Subject) -> Iterator[Mutation]:
    for write in subject.writes:
        for name, value in write.arguments.items():
            for wrong in wrongly(value):
                sentence = f"{write.says(name)} is {_shown(wrong)} instead of {_shown(value)}."
                yield Mutation(sentence, with_argument(subject.steps, write.place, name, wrong))


def wrongly(value: Any) -> Iterator[Any]:
    """Give a value with one of its numbers wrong, or with one member of a list missing."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from ({**value, name: wrong} for wrong in wrongly(item))
    elif isinstance(value, list):
        yield from _lists(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        step = Decimal(1) if isinstance(value, int) else CENT
        yield from map(type(value), wrong_numbers(Decimal(str(value)), step))


def _lists(items: list[Any]) -> Iterator[Any]:
    for at, item in enumerate(items):
        before, after = items[:at], items[at + 1 :]
        yield from ([*before, wrong, *after] for wrong in wrongly(item))
        if before or after:
            yield [*before, *after]


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)
