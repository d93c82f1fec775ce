"""A read is left out that a criterion looks for; to all others it is the end that counts."""

from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.solutions import without
from authoring.mutants.subject import Subject


@KINDS.add("read-left-out")
def read_left_out(subject: Subject) -> Iterator[Mutation]:
    for call in subject.calls:
        if not call.tool.writes and call.tool.name in subject.tools_looked_at:
            sentence = f"Call {call.number}, {call.tool.name}, is left out."
            yield Mutation(sentence, without(subject.steps, call.place))
