"""Quotes: where words of a plain, folded or shortened text stand in the text as it was written."""

import re

from grading.reading.plain import LIMIT

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = r"(?:[^\w]|_){0,40}"
_MOST_WORDS = 40


def in_original(raw: str, quote: str) -> str:
    """Give the part of a text that a quote was made of: the quote itself, the same words with other
    marks between them, or as many of its first words as are found; "" when none is."""
    if not quote or quote in raw:
        return quote
    at = raw.lower().find(quote.lower())
    if at >= 0 and (same := raw[at : at + len(quote)]).lower() == quote.lower():
        return same
    words = _WORD.findall(quote)[:_MOST_WORDS]
    while words:
        spelled = _BETWEEN.join(map(re.escape, words))
        if found := re.search(spelled, raw[:LIMIT], re.IGNORECASE):
            return found[0]
        words = words[: len(words) // 2]
    return ""
