"""A write takes another text: that of another row, or words that say nothing."""

from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.solutions import with_argument
from authoring.mutants.subject import Subject, Write
from simulation.pages import shortened

SPEECH = 60  # characters from which on a text is expected to say something
NOTHING = "Thank you for your patience. We are looking into this and will come back to you."


@KINDS.add("write-text")
def write_text(subject: Subject) -> Iterator[Mutation]:
    for write in subject.writes:
        for name, value in write.arguments.items():
            if isinstance(value, str) and write.is_free_text(name):
                for wrong in _others(subject, write, value):
                    sentence = f"{write.says(name)} is “{shortened(wrong, 80)}”."
                    steps = with_argument(subject.steps, write.place, name, wrong)
                    yield Mutation(sentence, steps)


def _others(subject: Subject, write: Write, value: str) -> Iterator[str]:
    """Give the text of another row where the call wrote this one; else, for what is meant to say
    something, a text that does not."""
    if subject.vocabulary.type_of(value):
        return
    for change in write.record.changes:
        for field, _, after in change.fields:
            if after == value:
                row = change.after or {}
                others = subject.vocabulary.mistakable(change.entity_type, row, field)
                yield from (str(other[field]) for other in others)
    if len(value) >= SPEECH:
        yield NOTHING
