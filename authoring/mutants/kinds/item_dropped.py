"""An item of a list or a row of a table is missing."""

from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.items import items_of
from authoring.mutants.subject import Subject
from simulation.pages import shortened


@KINDS.add("item-dropped")
def item_dropped(subject: Subject) -> Iterator[Mutation]:
    for prose in subject.prose:
        items = items_of(prose.text, subject.vocabulary)
        for place in items.places:
            text = "\n".join([*items.lines[:place], *items.lines[place + 1 :]])
            said = shortened(items.lines[place].strip(), 80)
            yield Mutation(
                f"In {prose.noun} the item “{said}” is missing.", subject.with_text(prose, text)
            )
