"""A sentence that denies, as one that says what happens."""

import re
from collections.abc import Callable

from authoring.lint.words.negation import Negation
from authoring.lint.words.reading import Reading
from authoring.lint.words.verbs import BASES, gerund, third

_GERUNDS = {gerund(base): third(base) for base in sorted(BASES)}
_DO = re.compile(r"\b(?:does not|do not|did not|doesn['’]t|don['’]t|didn['’]t|cannot) (\w+)", re.I)
_MUST = re.compile(r"\b(?:must|may|should|will|shall|can) not (\w+)", re.I)
_REFRAINS = re.compile(r"\brefrains from (\w+)", re.I)
_NONE_OF = re.compile(r"\bnone of\b", re.I)
_NEITHER = re.compile(r"\bneither (\w[\w-]*)(?! (?:nor|of))", re.I)
_ANY = re.compile(r"\bany\b", re.I)
_BE = re.compile(r"\b(is|are|was|were|has|have)(?: not\b|n['’]t\b)", re.I)
_NEVER = re.compile(r"\bnever ", re.I)
_AVOIDS = re.compile(r"\bavoids (\w+)", re.I)
_NO_BUT = re.compile(r"\bno (\w[\w-]*) (?:but|except|other than)\b", re.I)
_NO = re.compile(
    r"\bno ((?:[\w-]+ ){0,3}?[\w-]+)(?=[.,;]|$| (?:is|are|was|were|has|have|can|of|in|to|for|by"
    r"|with|from|on|at|about|above|below|that|who|which)\b)",
    re.I,
)
_NOBODY_BUT = re.compile(r"\b(nobody|nothing)(?: (?:but|except|other than))?\b", re.I)
_SOME = {"nobody": "somebody", "nothing": "something"}


def affirmed(reading: Reading, negation: Negation) -> str:
    """Say it without its one negation; "" where that needs a person."""
    if len(negation.nots) != 1 or negation.is_over or negation.is_double:
        return ""
    text = reading.text
    start = negation.nots[0][0]
    for pattern, write in _WAYS:
        found = pattern.search(text, max(0, start - 8))
        if found and found.start() <= start < found.end():
            rest = _ANY.sub("some", text[found.end() :], count=1)
            whole = text[: found.start()] + write(found) + rest
            return whole[:1].upper() + whole[1:]
    return ""


def _article(noun: str) -> str:
    return "an" if noun[:1].lower() in "aeiou" else "a"


def _acts(found: re.Match[str]) -> str:
    return "is" if found[1].lower() == "be" else third(found[1])


def _does(found: re.Match[str]) -> str:
    word = found[1]
    return _GERUNDS.get(word.lower(), f"uses {word}")


def _other(found: re.Match[str]) -> str:
    return f"{_article(found[1])} {found[1]} other than"


def _one(found: re.Match[str]) -> str:
    last = found[1].rsplit(maxsplit=1)[-1]
    if last.endswith("s") and not last.endswith("ss"):
        return found[1]
    return f"{_article(found[1])} {found[1]}"


def _somebody(found: re.Match[str]) -> str:
    some = _SOME[found[1].lower()]
    return f"{some} other than" if " " in found[0] else some


_WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_DO, _acts),
    (_MUST, _acts),
    (_REFRAINS, _does),
    (_NONE_OF, lambda found: "one of"),
    (_NEITHER, _one),
    (_BE, lambda found: found[1]),
    (_NEVER, lambda found: ""),
    (_AVOIDS, _does),
    (_NO_BUT, _other),
    (_NOBODY_BUT, _somebody),
    (_NO, _one),
)
