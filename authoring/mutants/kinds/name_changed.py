"""A text names another row: a similar product, a namesake's order, another person."""

from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.subject import Subject


@KINDS.add("name-changed")
def name_changed(subject: Subject) -> Iterator[Mutation]:
    vocabulary = subject.vocabulary
    for prose in subject.prose:
        for mention in vocabulary.mentions(prose.text):
            for other in vocabulary.mistakable(mention.entity_type, mention.row, mention.field):
                span = mention.start, mention.end
                yield subject.rewritten(prose, span, str(other[mention.field]))
