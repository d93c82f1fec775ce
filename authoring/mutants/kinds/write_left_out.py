"""A write is left out: the record is not made, the message not sent, the status not set."""

from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.solutions import without
from authoring.mutants.subject import Subject


@KINDS.add("write-left-out")
def write_left_out(subject: Subject) -> Iterator[Mutation]:
    for write in subject.writes:
        sentence = f"Call {write.number}, {write.tool.name}, is left out."
        yield Mutation(sentence, without(subject.steps, write.place))
