"""An amount in a text is wrong: a cent more, digits swapped, the amount of something else."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from authoring.mutants import KINDS, Mutation
from authoring.mutants.subject import Subject
from authoring.mutants.values import Written, with_number, written_in, wrong_numbers

CENT = Decimal("0.01")


@KINDS.add("value-money")
def value_money(subject: Subject) -> Iterator[Mutation]:
    for prose in subject.prose:
        amounts = [w for w in written_in(prose.text, subject.year) if w.found.kind == "money"]
        for written in amounts:
            for wrong in _wrong(subject, written, amounts):
                yield subject.rewritten(prose, written.span, with_number(written, wrong))


def _wrong(subject: Subject, written: Written, amounts: Sequence[Written]) -> Iterator[Decimal]:
    value = written.found.value
    if isinstance(value, Decimal):
        yield from wrong_numbers(value, CENT)
        yield value * 2
        yield from subject.likest_amounts(value)
        others = (other.found.value for other in amounts)
        yield from (o for o in others if isinstance(o, Decimal) and o != value)
