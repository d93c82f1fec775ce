"""A write lacks an argument that it may lack: the message without its ticket, no closure reason."""

from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.solutions import LOST, with_argument
from authoring.mutants.subject import Subject


@KINDS.add("argument-left-out")
def argument_left_out(subject: Subject) -> Iterator[Mutation]:
    for write in subject.writes:
        for name in write.step.arguments:
            if not write.is_required(name):
                sentence = f"{write.says(name)} is left out."
                yield Mutation(sentence, with_argument(subject.steps, write.place, name, LOST))
