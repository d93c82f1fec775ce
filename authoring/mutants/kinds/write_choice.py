"""A write takes another of the words that there are: another status, outcome or channel."""

from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.solutions import with_argument
from authoring.mutants.subject import Subject


@KINDS.add("write-choice")
def write_choice(subject: Subject) -> Iterator[Mutation]:
    for write in subject.writes:
        for name, value in write.arguments.items():
            for choice in write.schema(name).get("enum", ()):
                if choice != value:
                    sentence = f"{write.says(name)} is {choice} instead of {value}."
                    steps = with_argument(subject.steps, write.place, name, choice)
                    yield Mutation(sentence, steps)
