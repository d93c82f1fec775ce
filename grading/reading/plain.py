"""Plain text: typography and Markdown undone, so that two ways of writing the same words are
equal."""

import html
import re
import unicodedata
from functools import lru_cache

LIMIT = 200_000  # characters of a text that are read

_TYPOGRAPHY: dict[str, str] = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2014\u2015", " - "),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000", " "),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0f\ufeff", ""),
    "\u2013": " - ",
    "\u2026": "...",
    "\u00d7": "x",
    "\u0130": "I",
}
_TYPOGRAPHIC = re.compile(f"[{''.join(_TYPOGRAPHY)}]")
_GROUPED = re.compile(r"[\u00a0\u2007\u2009\u202f](?<=[0-9].)(?=[0-9]{3}(?![0-9]))")
_RANGE_DASH = re.compile(r"\u2013(?<=[0-9].)(?=[0-9])")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE)
_TAG = re.compile(r"</?(?:b|i|em|strong|u|code|span)(?:\s[^<>]{0,200})?>", re.IGNORECASE)
_STRUCK = re.compile(r"~~[^~\n]{1,300}~~|<(s|del)>[^<>]{0,300}</\1>", re.IGNORECASE)
_ITEM = re.compile(r"<li(?:\s[^<>]{0,200})?>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:li|ul|ol|p|div|h[1-6])(?:\s[^<>]{0,200})?>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,2000}(?: \"[^\"\n]{0,200}\")?\)")
_STARS = re.compile(r"\*{1,3}")
_UNDERSCORES = re.compile(r"_{1,3}")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!$~>&])")


def plain(text: str) -> str:
    """Give the text with plain quotes, dashes and spaces, and without emphasis, links, code marks
    and what is struck through.

    Lines, list marks, headings and table bars stay.
    """
    text = text[:LIMIT]
    if not text.isascii():
        text = _GROUPED.sub(",", unicodedata.normalize("NFC", text))
        text = _RANGE_DASH.sub("-", text)
        text = _TYPOGRAPHIC.sub(lambda mark: _TYPOGRAPHY[mark[0]], text)
    if "&" in text:
        text = html.unescape(text)
    if "~~" in text or "<" in text:
        text = _STRUCK.sub("", text)
    if "<" in text:
        text = _BLOCK.sub("\n", _ITEM.sub("\n- ", text))
        text = _TAG.sub("", _BREAK.sub("; ", text))
    return _without_markdown(text)


def _without_markdown(text: str) -> str:
    if "```" in text or "~~~" in text:
        text = _FENCE.sub("", text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    if "*" in text:
        text = _STARS.sub(_without_emphasis, text)
    if "_" in text:
        text = _UNDERSCORES.sub(_without_emphasis, text)
    return text.replace("`", "").replace("~~", "")


def _without_emphasis(mark: "re.Match[str]") -> str:
    """Drop a mark that opens or closes emphasis; keep it inside a word and between spaces."""
    before = mark.string[mark.start() - 1 : mark.start()] or " "
    after = mark.string[mark.end() : mark.end() + 1] or " "
    opens = not before.isalnum() and not after.isspace()
    closes = not before.isspace() and not after.isalnum()
    return "" if opens or closes else mark[0]


def word_set(text: str) -> frozenset[str]:
    """Give a set of words: `word_set("a b")`."""
    return frozenset(text.split())


def fold(text: str) -> str:
    """Give text for comparing: case and runs of spaces do not count. Takes plain text."""
    return " ".join(text.lower().split())


@lru_cache(maxsize=4096)
def needle(text: str) -> str:
    """Give what an author wrote in the form in which texts are searched."""
    return fold(plain(text))


@lru_cache(maxsize=1024)
def whole(needles: tuple[str, ...]) -> "re.Pattern[str]":
    """Match one of some folded texts as whole words: "ana li" neither in "ana lima" nor in "ana
    li-ming"."""
    return re.compile("|".join(map(_whole, sorted(needles, key=len, reverse=True))))


def find_whole(words: str, text: str) -> "re.Match[str] | None":
    """Find the first place where one folded text stands as whole words.

    Looks for the text before it asks what is around: a pattern alone would ask at every letter.
    """
    at = text.find(words)
    if at < 0:
        return None
    pattern = whole((words,))
    while at >= 0:
        if found := pattern.match(text, at):
            return found
        at = text.find(words, at + 1)
    return None


def _whole(words: str) -> str:
    starts_with_digit, ends_with_digit = words[:1].isdigit(), words[-1:].isdigit()
    before = r"(?<!\w)(?<!\w-)" if words[:1].isalnum() else ""
    before += r"(?<![0-9][.,])" if starts_with_digit else ""
    after = r"(?!\w)(?!-\w)" if words[-1:].isalnum() else ""
    after += r"(?![.,][0-9])" if ends_with_digit else ""
    return f"{before}{re.escape(words)}{after}"


@lru_cache(maxsize=1024)
def near_words(words: tuple[str, ...]) -> "re.Pattern[str]":
    """Match one of some words in plain text, in the singular or the plural, whatever its case."""
    spellings = (
        re.escape(needle(word)).replace(r"\ ", r"\s+")
        for word in sorted(words, key=len, reverse=True)
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(spellings)})(?:e?s|'s)?(?!\w)", re.IGNORECASE)
