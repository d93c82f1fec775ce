"""Quotes in texts: whether they occur, and where a page marks them.

How a quote is spaced and decorated makes no difference: people copy from pages, where JSON is laid
out and Markdown is shown without its signs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST = 200_000  # characters; in longer texts nothing is marked
MOST = 50  # places of one quote
_LAYOUT = re.compile(r"[\s*_`~#\\]+")
_TAG = r'<(?:"[^"]*"|[^>"])*>'
_BETWEEN = rf"(?:[\s*_`~#\\]|&nbsp;|{_TAG})*"  # what may stand between two characters of a quote
_SKIPPED = rf"{_TAG}|&[^;\s]{{1,10}};"  # no quote begins inside
_WRITTEN = {
    "<": "&lt;",
    ">": "(?:>|&gt;)",
    "&": "&amp;",
    '"': '(?:"|&quot;)',
    "'": "(?:'|&#x27;|&#39;)",
}
Range = tuple[int, int]


def occurs(quote: str, texts: Iterable[str]) -> bool:
    """Tell whether a quote stands in one of the texts. An empty quote stands nowhere."""
    needle = _LAYOUT.sub("", quote)
    return bool(needle) and any(needle in _LAYOUT.sub("", text) for text in texts)


def marked_text(text: str, quotes: Sequence[str]) -> SafeString:
    """Escape a text and mark quotes in it; "" when none is found."""
    if len(text) > LONGEST or not any(occurs(quote, [text]) for quote in quotes):
        return SafeString()
    return marked_html(escape(text), quotes)


def marked_html(html: str, quotes: Sequence[str]) -> SafeString:
    """Mark quotes in HTML that is safe already."""
    if not quotes or len(html) > LONGEST:
        return mark_safe(html)  # noqa: S308  safe when it came
    parts, end = [], 0
    for start, stop in _merged(found for quote in quotes for found in _find(quote, html)):
        parts += [html[end:start], _wrapped(html[start:stop])]
        end = stop
    return mark_safe("".join([*parts, html[end:]]))  # noqa: S308  only <mark> was added


def _find(quote: str, html: str) -> Iterator[Range]:
    needle = _LAYOUT.sub("", quote)
    if not needle:
        return iter(())
    hits = (hit.span("hit") for hit in _pattern(needle).finditer(html) if hit["hit"])
    return islice(hits, MOST)


@lru_cache(maxsize=256)
def _pattern(needle: str) -> re.Pattern[str]:
    characters = (_WRITTEN.get(character, re.escape(character)) for character in needle)
    return re.compile(f"(?P<hit>{_BETWEEN.join(characters)})|{_SKIPPED}")


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, stop in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return merged


def _wrapped(html: str) -> str:
    """Wrap what stands between tags, so that no mark crosses one."""
    pieces = re.split(f"({_TAG})", html)
    return "".join(
        piece if n % 2 or not piece.strip() else f"<mark>{piece}</mark>"
        for n, piece in enumerate(pieces)
    )
