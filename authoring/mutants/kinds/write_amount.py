"""A write takes another number: one more, one less, digits swapped, a cent off."""

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
            for place, wrong in wrongly(value):
                sentence = f"{write.says(name)} is {wrong} instead of {place}."
                yield Mutation(sentence, with_argument(subject.steps, write.place, name, wrong))


def wrongly(value: Any) -> Iterator[tuple[Any, Any]]:
    """Give a value as it is and with one of its numbers wrong, also inside lists and objects."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        step = Decimal(1) if isinstance(value, int) else CENT
        for wrong in wrong_numbers(Decimal(str(value)), step):
            yield value, type(value)(wrong)
    elif isinstance(value, dict):
        for name, item in value.items():
            for _, wrong in wrongly(item):
                yield value, {**value, name: wrong}
    elif isinstance(value, list):
        for at, item in enumerate(value):
            for _, wrong in wrongly(item):
                yield value, [*value[:at], wrong, *value[at + 1 :]]
            if len(value) > 1:
                yield value, [*value[:at], *value[at + 1 :]]
