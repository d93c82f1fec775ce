"""Two writes change places: the ticket is resolved before there is a resolution."""

from collections.abc import Iterator
from itertools import pairwise

from authoring.mutants import KINDS, Mutation
from authoring.mutants.solutions import exchanged
from authoring.mutants.subject import Subject


@KINDS.add("write-order")
def write_order(subject: Subject) -> Iterator[Mutation]:
    for first, second in pairwise(subject.writes):
        sentence = (
            f"Call {second.number}, {second.tool.name}, is made before call {first.number},"
            f" {first.tool.name}."
        )
        yield Mutation(sentence, exchanged(subject.steps, first.place, second.place))
