"""C13 and C20: how many, and which of them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import changed, edit, found
from authoring.lint.words.lexicon import EXCEPTIONS, PREPOSITIONS, QUANTIFIERS
from authoring.lint.words.masking import NUMBER
from authoring.lint.words.reading import Reading, readings
from authoring.lint.words.records import nouns_of, plurals

_MANY = re.compile(
    rf"\b(?:at least|no fewer than|a minimum of) "
    rf"(?:{NUMBER}+|one|two|three|four|five|ten|once|twice)"
    r"|\bmultiple\b|\bseveral\b|\ba (?:long )?list of\b"
)
_GATED = re.compile(
    rf"\b(?:different|distinct|unique|separate|relevant|each|without repeat\w*"
    rf"|of (?:the|these|those) (?:{NUMBER}|\w+ {NUMBER}))"
)
REACH = 7


@RULES.add("C13")
def no_padding(scene: Scene) -> Iterator[Finding]:
    """A bare count is met by saying one thing three times."""
    for criterion, reading in readings(scene):
        hit = _MANY.search(reading.asked) if criterion.points > 0 else None
        if not hit or _GATED.search(reading.plain, hit.start()):
            continue
        words = reading.shown(*hit.span())
        why = f"“{words}” is met by repeating one thing: say which count, or that they differ."
        rewrite = edit(criterion, "Say which of them count")
        yield found("C13", Severity.HINT, criterion, why, words, rewrite)


@RULES.add("C20")
def says_how_many(scene: Scene) -> Iterator[Finding]:
    """Whether one or all is enough must not depend on who grades."""
    many = plurals(nouns_of(scene))
    for criterion, reading in readings(scene):
        if criterion.points < 0 or criterion.kind == "unchanged":
            continue
        place = next((n for n, word in enumerate(reading.words) if word in many), -1)
        if place < 0 or not _is_open(reading, place) or _is_counted(reading, reading.words[place]):
            continue
        token = reading.tokens[place]
        words = reading.text[token.start : token.end]
        why = f"“{words}”: all of them, each, or how many?"
        begin = _begin(reading, place)
        text = f"{reading.text[:begin]}all {reading.text[begin:]}"
        text = text[:1].upper() + (
            text[1:] if begin else f"{text[1:4]}{text[4:5].lower()}{text[5:]}"
        )
        rewrite = changed(criterion, "Say “all”", text=text[:1000])
        yield found("C20", Severity.WARNING, criterion, why, words, rewrite)


def _is_open(reading: Reading, place: int) -> bool:
    """Tell whether the many of a sentence are asked for, and nothing says how many."""
    token = reading.tokens[place]
    if token.start >= reading.claim or reading.is_verb(place) or _is_enumerated(reading, place):
        return False
    for before in range(place - 1, max(-1, place - REACH), -1):
        word = reading.words[before]
        if word in QUANTIFIERS or word.startswith(NUMBER):
            return False
        if word in PREPOSITIONS or word in EXCEPTIONS or word == ",":
            return False
        if reading.is_verb(before):
            return True
    return place < REACH


def _is_counted(reading: Reading, word: str) -> bool:
    """Tell whether the same words stand behind a number elsewhere: "…, 17 tickets"."""
    return any(
        before.startswith(NUMBER) and after == word for before, after in pairwise(reading.words)
    )


def _is_enumerated(reading: Reading, place: int) -> bool:
    after = reading.tokens[place + 1 : place + 2]
    owned = reading.text[reading.tokens[place].end : reading.tokens[place].end + 1] in ("'", "’")
    return owned or bool(after and after[0].is_literal)


def _begin(reading: Reading, place: int) -> int:
    """Give where the words of the many begin: behind the verb."""
    while (
        place > 0
        and not reading.is_verb(place - 1)
        and reading.words[place - 1] not in ("and", ",", "only")
    ):
        place -= 1
    return reading.tokens[place].start
