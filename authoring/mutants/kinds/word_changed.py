"""A text uses another of the words that a field has: the gold tier for silver, delivered for in
transit."""

import re
from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.rows import Word
from authoring.mutants.subject import Prose, Subject

MOST = 2  # other words for one
NEAR = 24  # characters in which a plain word stands beside the name of its field
_VERB_BEFORE = re.compile(r"\b(?:to|can|will|may|must|you|we|I) $", re.I)


@KINDS.add("word-changed")
def word_changed(subject: Subject) -> Iterator[Mutation]:
    words = subject.vocabulary.words_of(subject.rows_seen)
    for prose in subject.prose:
        for word in words:
            for found in _places(subject, prose, word):
                for other in word.others[:MOST]:
                    yield subject.rewritten(prose, found.span(), _in_case(other, found[0]))


def _places(subject: Subject, prose: Prose, word: Word) -> "Iterator[re.Match[str]]":
    """Find a word where it is meant as the value: `new` in "no new date" is none."""
    spellings = "|".join(map(re.escape, sorted({word.value, word.spoken})))
    for found in re.finditer(rf"(?<![\w-])(?:{spellings})(?![\w-])", prose.text, re.I):
        before = prose.text[max(0, found.start() - NEAR) : found.start()]
        after = prose.text[found.end() : found.end() + NEAR]
        is_told = word.noun in f"{before} {after}".lower() or word.value in subject.words
        if not _VERB_BEFORE.search(before) and (not word.value.isalpha() or is_told):
            yield found


def _in_case(word: str, like: str) -> str:
    """Write a word with capitals, or as it stands in rows, where the other one is so."""
    if "_" in like:
        return word.replace(" ", "_")
    if like.islower():
        return word
    return (
        word.title() if " " in like and like[like.index(" ") + 1].isupper() else word.capitalize()
    )
