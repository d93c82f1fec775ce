"""Markdown of untrusted authors as HTML that is safe to show: no raw HTML, no images."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
HEADINGS = ("h2", "h3", "h4")
LONGEST = 200_000  # characters; beyond it Markdown is shown as it is written
KEPT = 2000  # characters of a text whose HTML is remembered
NOTHING = SafeString()
# one line of words: no sign that Markdown or HTML knows, no number or dash that begins a list
_PLAIN = re.compile(r"(?:[^\W\d_][\w ,.;:?!()$%/'’“”–—…-]*(?<! ))?")

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)
_markdown.add_render_rule("heading_open", lambda *_: "<p><strong>")
_markdown.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
_with_headings = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)


def _make_cleaner(tags: set[str], attributes: dict[str, set[str]]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes={"a": {"href"}, **attributes},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow noreferrer",
    )


_cleaner = _make_cleaner(TAGS, {})
_document_cleaner = _make_cleaner(TAGS | {*HEADINGS}, {name: {"id"} for name in HEADINGS})


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document and the anchor that it can be gone to."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is a page of its own, with its outline."""

    html: SafeString
    outline: tuple[Heading, ...]


def is_plain(text: str) -> bool:
    """Tell whether a text has nothing in it that Markdown could mean."""
    return len(text) <= LONGEST and "_" not in text and _PLAIN.fullmatch(text) is not None


def render(text: str) -> SafeString:
    """Give HTML of Markdown. Its headings become bold lines: the outline is the page's."""
    return _render_short(text) if len(text) <= KEPT else _render(text)


def _render(text: str) -> SafeString:
    if len(text) > LONGEST:
        return mark_safe(f"<pre>{nh3.escape(text)}</pre>")  # noqa: S308  escaped
    if is_plain(text):
        return mark_safe(f"<p>{text}</p>\n" if text else "")  # noqa: S308  nothing to escape
    tokens = _parse(_markdown, text)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(_cleaner.clean(html))  # noqa: S308  cleaned


_render_short = lru_cache(maxsize=4096)(_render)  # a page is looked at more than once


def plain(text: str) -> str:
    """Give the words of one line of Markdown without its marks."""
    if len(text) > LONGEST:
        return text
    return " ".join(_plain(token) for token in _parse(_markdown, text) if token.type == "inline")


def render_document(text: str) -> Document:
    """Give HTML of a text that is the page: its headings stay, one level below the page's own."""
    if len(text) > LONGEST:
        return Document(render(text), ())
    tokens = _parse(_with_headings, text)
    outline: list[Heading] = []
    for token, inline in pairwise(tokens):
        if token.type in ("heading_open", "heading_close"):
            level = min(max(int(token.tag[1:]), 2), 1 + len(HEADINGS))
            token.tag = f"h{level}"
        if token.type == "heading_open":
            anchor = f"section-{len(outline) + 1}"
            token.attrSet("id", anchor)
            outline.append(Heading(level, _plain(inline), anchor))
    html = _with_headings.renderer.render(tokens, _with_headings.options, {})
    return Document(mark_safe(_document_cleaner.clean(html)), tuple(outline))  # noqa: S308  cleaned


def _parse(markdown: MarkdownIt, text: str) -> list[Token]:
    tokens = markdown.parse(text)
    for token in tokens:
        token.children = [t for t in token.children or [] if t.type != "image"] or None
    return tokens


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [])
