"""Quotes in texts: whether they occur, and where a page marks them."""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST = 200_000  # characters; in longer texts nothing is marked
MOST = 50  # places of one quote
_LAYOUT = re.compile(r"[\s*_`~#\\]+")  # spaces, and signs of Markdown that a page does not show
_PIECE = re.compile(r'(<(?:"[^"]*"|[^>"])*>)|&[^;\s]{1,10};|.', re.DOTALL)
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#x27;": "'", "&#39;": "'"}
Range = tuple[int, int]


def occurs(quote: str, texts: Iterable[str]) -> bool:
    """Tell whether a quote stands in one of the texts, spaced and decorated however it is: people
    copy from pages, where Markdown is shown without its signs.

    An empty quote stands nowhere.
    """
    needle = _LAYOUT.sub("", quote)
    return bool(needle) and any(needle in _LAYOUT.sub("", text) for text in texts)


def marked_text(text: str, quotes: Sequence[str]) -> SafeString:
    """Escape a text and mark quotes in it; "" when none is found."""
    if not quotes or len(text) > LONGEST:
        return SafeString()
    found = marked_html(escape(text), quotes)
    return found if "<mark>" in found else SafeString()


def marked_html(html: str, quotes: Sequence[str]) -> SafeString:
    """Mark quotes in HTML that is safe already; spacing, tags and signs of Markdown between their
    characters are no matter."""
    if not quotes or len(html) > LONGEST:
        return mark_safe(html)  # noqa: S308  safe when it came
    places, plain = _visible(html)
    ranges = [found for quote in quotes for found in _find(plain, quote, places)]
    parts, end = [], 0
    for start, stop in _merged(ranges):
        parts += [html[end:start], _wrapped(html[start:stop])]
        end = stop
    return mark_safe("".join([*parts, html[end:]]))  # noqa: S308  only <mark> was added


def _visible(html: str) -> tuple[list[Range], str]:
    """Give the characters that a quote is compared with, and where each of them stands."""
    places, characters = [], []
    for piece in _PIECE.finditer(html):
        character = _ENTITIES.get(piece[0], piece[0])
        if piece[1] or _LAYOUT.match(character):
            continue
        places.append(piece.span())
        characters.append(character if len(character) == 1 else "\ufffd")
    return places, "".join(characters)


def _find(plain: str, quote: str, places: Sequence[Range]) -> list[Range]:
    needle = _LAYOUT.sub("", quote)
    if not needle:
        return []
    starts = (found.start() for found in re.finditer(re.escape(needle), plain))
    first = takewhile(lambda pair: pair[0] < MOST, enumerate(starts))
    return [(places[at][0], places[at + len(needle) - 1][1]) for _, at in first]


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, stop in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return merged


def _wrapped(html: str) -> str:
    """Wrap what stands between tags, so that no mark crosses one."""
    pieces = re.split(r'(<(?:"[^"]*"|[^>"])*>)', html)
    return "".join(
        piece if n % 2 or not piece.strip() else f"<mark>{piece}</mark>"
        for n, piece in enumerate(pieces)
    )
