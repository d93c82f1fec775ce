"""C11: what comes of it, not the way there."""

import re
from collections.abc import Iterator

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import edit, found
from authoring.lint.words.reading import Reading, readings
from authoring.lint.words.tools import company_of, tools_in
from authoring.lint.words.wordlists import words

_ORDER = re.compile(
    r"\bagent (?:first|then)\b|, then\b|^first,"
    r"|\b(?:before|after) (?:\w+ing\b|(?:the agent|it|they|he|she)\b"
    r"|(?:the|a|an|its) \w+(?: \w+)? (?:is|are|was|were|has|have)\b)"
)
_WAY = re.compile(
    r"\bagent (?:clicks|queries|invokes)\b"
    r"|\b(?:calls|uses|asks) (?:the |a )?(?:\w+ )?(?:tool|function|endpoint|search|api)\b"
)
_TELLING = words("first then before after clicks queries invokes calls uses asks")
_ORDERED = re.compile(
    r"\b(?:before|first|until|once|only then|after that|afterwards|then|as soon as)\b", re.I
)


@RULES.add("C11")
def outcome_not_path(scene: Scene) -> Iterator[Finding]:
    """Good agents find ways of their own: what counts is where they arrive."""
    prompt = scene.content.prompt
    is_ordered = bool(_ORDERED.search(prompt))
    for criterion, reading in readings(scene):
        words = _tool(scene, reading) or _matched(_WAY, reading)
        if words and words in prompt:
            continue
        words = words or ("" if is_ordered else _matched(_ORDER, reading))
        if words:
            why = f"“{words}” asks for a way, and the prompt does not: another may be as good."
            rewrite = edit(criterion, "Ask for the outcome")
            yield found("C11", Severity.WARNING, criterion, why, words, rewrite)


def _tool(scene: Scene, reading: Reading) -> str:
    return next(iter(tools_in(reading.marked[: reading.claim], company_of(scene))), "")


def _matched(pattern: re.Pattern[str], reading: Reading) -> str:
    hit = pattern.search(reading.asked) if _TELLING & reading.vocabulary else None
    return reading.shown(*hit.span()) if hit else ""
