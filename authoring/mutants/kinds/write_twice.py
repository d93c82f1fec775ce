"""A write is done twice: two messages, two resolutions, a refund on top of the refund."""

from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.solutions import doubled
from authoring.mutants.subject import Subject


@KINDS.add("write-twice")
def write_twice(subject: Subject) -> Iterator[Mutation]:
    for write in subject.writes:
        sentence = f"Call {write.number}, {write.tool.name}, is made twice."
        yield Mutation(sentence, doubled(subject.steps, write.place))
