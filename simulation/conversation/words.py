"""Whether a message asks about something, by its words: in any case, form and order."""

import re
import unicodedata
from functools import lru_cache

_SMALL = """
    a an and any are at be by can could do does for from have i if in is it its me my of on or our
    please that the their there this to us was we what when where which who will with would you your
"""
_CLOSING = re.compile(
    r"(any|some)thing (else|more)|(any|other|further|more) (other )?questions?|let me know if",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"[?\u00bf\uff1f\u061f\u037e]"
    r"|\b(please|tell me|let me know|(could|can|would|may|might) (you|i)|(i|we)('ll)? need)\b"
    r"|^\W*(provide|send|share|give|confirm|specify|state|describe|which|what|where|when|who|how)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?\uff1f\u3002])\s+|\n+")
_ENDINGS = ("ing", "ed", "es", "s", "e")
READ = 200_000  # characters of a message: nobody reads further
_SHORTEST = 3  # letters that are left of a word without its ending


def mentions(message: str, about: str) -> bool:
    """Tell whether all words of `about`, or of one of its alternatives between commas, occur."""
    there = stems(message)
    wanted = [telling_stems(part) for part in about.split(",")]
    return any(words and words <= there for words in wanted)


def asking(message: str) -> str:
    """Give the sentences of a message that ask for something, "" when there are none.

    Whether there is anything else is asked by everybody who has finished; that asks for nothing.
    """
    return "\n".join(
        sentence
        for sentence in _SENTENCES.split(message)
        if _REQUEST.search(sentence) and not _CLOSING.search(sentence)
    )


@lru_cache(maxsize=128)  # some may be of a megabyte
def stems(text: str) -> frozenset[str]:
    """Give the words of a text without case, accents and endings."""
    plain = unicodedata.normalize("NFKD", text[:READ]).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return frozenset(_stem(word) for word in re.findall(r"\w+", letters))


def telling_stems(about: str) -> frozenset[str]:
    """Leave out the small words, unless there are no others."""
    return stems(about) - stems(_SMALL) or stems(about)


def _stem(word: str) -> str:
    if word.endswith("ies") and len(word) > len("ies") + 1:
        return f"{word[:-3]}y"
    if word.endswith(("ss", "us", "is")):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return _single(word.removesuffix(ending))
    return word


def _single(stem: str) -> str:
    """Make "shipp" of "shipped" what is made of "ship"."""
    doubled = len(stem) > _SHORTEST and stem[-1] == stem[-2] and stem[-1] not in "aeiousl"
    return stem[:-1] if doubled else stem
