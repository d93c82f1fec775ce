"""Two values of one kind change places in a text: two amounts, two dates, two ids.

Where no criterion asks for an order, values that are listed one after the other, as in "tick-1,
tick-2", say the same in either order."""

import re
from collections.abc import Iterator
from itertools import pairwise

from authoring.mutants import KINDS, Mutation
from authoring.mutants.subject import Prose, Subject
from authoring.mutants.values import written_in

Span = tuple[int, int]
_LISTED = re.compile(r"\s*(?:[,;/&]|,? (?:and|or) )\s*")


@KINDS.add("values-swapped")
def values_swapped(subject: Subject) -> Iterator[Mutation]:
    for prose in subject.prose:
        for first, second in _pairs(subject, prose):
            one, two = prose.text[slice(*first)], prose.text[slice(*second)]
            between = prose.text[first[1] : second[0]]
            text = prose.replace(first[0], second[1], f"{two}{between}{one}")
            sentence = f"In {prose.noun} “{one}” and “{two}” have changed places."
            yield Mutation(sentence, subject.with_text(prose, text))


def _pairs(subject: Subject, prose: Prose) -> Iterator[tuple[Span, Span]]:
    groups: dict[tuple[str, str], list[Span]] = {}
    for written in written_in(prose.text, subject.year):
        groups.setdefault((written.found.kind, written.found.unit), []).append(written.span)
    for mention in subject.vocabulary.mentions(prose.text):
        place = mention.entity_type, mention.field
        groups.setdefault(place, []).append((mention.start, mention.end))
    for spans in groups.values():
        for first, second in pairwise(spans):
            if prose.text[slice(*first)] != prose.text[slice(*second)]:
                is_list = _LISTED.fullmatch(prose.text, first[1], second[0])
                if subject.is_list_ordered or not is_list:
                    yield first, second
