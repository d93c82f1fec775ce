"""A write goes to another row of the same kind: the other ticket, the namesake's account."""

from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.solutions import with_argument
from authoring.mutants.subject import Subject, Write
from simulation.wording import spoken

MOST = 2  # other rows for one argument


@KINDS.add("write-target")
def write_target(subject: Subject) -> Iterator[Mutation]:
    for write in subject.writes:
        for name, value in write.arguments.items():
            if isinstance(value, str):
                yield from _other_rows(subject, write, name, value)


def _other_rows(subject: Subject, write: Write, name: str, key: str) -> Iterator[Mutation]:
    target = subject.vocabulary.type_of(key)
    for other in subject.vocabulary.confusable(key)[:MOST] if target else ():
        sentence = f"{write.says(name)} is {spoken(target)} {other} instead of {key}."
        yield Mutation(sentence, with_argument(subject.steps, write.place, name, other))
