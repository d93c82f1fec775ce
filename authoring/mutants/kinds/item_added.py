"""A list or table has an item too many: a real row that does not belong there, or an invented
one."""

from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.items import items_of
from authoring.mutants.subject import Subject
from simulation.pages import shortened


@KINDS.add("item-added")
def item_added(subject: Subject) -> Iterator[Mutation]:
    for prose in subject.prose:
        items = items_of(prose.text, subject.vocabulary)
        for place in items.places:
            for word, line in items.foreign(place, subject.vocabulary):
                text = "\n".join([*items.lines[: place + 1], line, *items.lines[place + 1 :]])
                said = shortened(line.strip(), 80)
                yield Mutation(
                    f"In {prose.noun} stands {word} item: “{said}”.",
                    subject.with_text(prose, text),
                )
