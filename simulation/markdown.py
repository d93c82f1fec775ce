"""Markdown of untrusted authors as HTML that is safe to show: no raw HTML, no images."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
LONGEST = 200_000  # characters; beyond it Markdown is shown as it is written

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)
_markdown.add_render_rule("heading_open", lambda *_: "<p><strong>")
_markdown.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener nofollow noreferrer",
)


def render(text: str) -> SafeString:
    """Give HTML of Markdown. Its headings become bold lines: the outline is the page's."""
    if len(text) > LONGEST:
        return mark_safe(f"<pre>{nh3.escape(text)}</pre>")  # noqa: S308  escaped
    tokens = _markdown.parse(text)
    for token in tokens:
        token.children = [t for t in token.children or [] if t.type != "image"] or None
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(_cleaner.clean(html))  # noqa: S308  cleaned
