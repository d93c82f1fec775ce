"""A value that the rubric binds to the world becomes that of a sibling query."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from authoring.mutants import KINDS, Mutation
from authoring.mutants.siblings import Sibling, siblings
from authoring.mutants.subject import Prose, Subject
from authoring.mutants.values import with_number, written_in


@KINDS.add("bound-value")
def bound_value(subject: Subject) -> Iterator[Mutation]:
    for bound in subject.bounds:
        if isinstance(bound.value, str | int | float) and not isinstance(bound.value, bool):
            for sibling in siblings(bound, subject.start):
                for prose in subject.prose:
                    yield from _told(subject, prose, bound.value, sibling)


def _told(subject: Subject, prose: Prose, value: Any, sibling: Sibling) -> Iterator[Mutation]:
    if isinstance(value, str):
        start = prose.text.find(value)
        if start >= 0:
            span = start, start + len(value)
            yield subject.rewritten(prose, span, str(sibling.value), why=sibling.words)
        return
    for written in written_in(prose.text, subject.year):
        number = written.found.value
        if isinstance(number, Decimal) and number == Decimal(str(value)):
            wrong = with_number(written, Decimal(str(sibling.value)))
            yield subject.rewritten(prose, written.span, wrong, why=sibling.words)
