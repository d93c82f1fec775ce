"""A number or a percentage in a text is wrong: one more, one less, digits swapped."""

from collections.abc import Iterator
from decimal import Decimal

from authoring.mutants import KINDS, Mutation
from authoring.mutants.subject import Subject
from authoring.mutants.values import Written, with_number, written_in, wrong_numbers

LARGEST = 10**8  # from here on digits are a tracking or account number: a name


@KINDS.add("value-number")
def value_number(subject: Subject) -> Iterator[Mutation]:
    for prose in subject.prose:
        for written in written_in(prose.text, subject.year):
            for wrong in _wrong(written):
                yield subject.rewritten(prose, written.span, with_number(written, wrong))


def _wrong(written: Written) -> Iterator[Decimal]:
    value = written.found.value
    if not isinstance(value, Decimal) or written.found.kind not in ("number", "percent"):
        return
    if value < LARGEST:
        yield from wrong_numbers(value, Decimal(1))
