"""C12: meaning, not wording."""

import re
from collections.abc import Iterator

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.places import changed, edit, found
from authoring.lint.words.masking import QUOTE
from authoring.lint.words.reading import Reading, readings

_THINGS = "(?:phrases?|words?|wording|sentence|text|line|string)"
_EXACT = re.compile(
    rf"\bverbatim\b|\bword[ -]for[ -]word\b|\bliterally\b|\bexact (?:same )?{_THINGS}\b"
    rf"|\b(?:contains?|includes?) (?:exactly )?the (?:exact )?{_THINGS}\b"
    rf"|\bexactly (?:as|what|like|the {_THINGS})\b|\bexactly (?={QUOTE})"
)
_DROPPABLE = re.compile(r",? ?\b(?:verbatim|word[ -]for[ -]word|literally)\b", re.I)


@RULES.add("C12")
def meaning_not_wording(scene: Scene) -> Iterator[Finding]:
    """Right answers come in many words, and a check of letters calls most of them wrong."""
    for criterion, reading in readings(scene):
        hit = _EXACT.search(reading.plain) if criterion.points > 0 else None
        if not hit or _is_asked(scene.content.prompt, reading):
            continue
        words = reading.shown(*hit.span())
        why = f"“{words}” fails every answer that says the same in other words."
        yield found("C12", Severity.WARNING, criterion, why, words, _softened(criterion, reading))


def _is_asked(prompt: str, reading: Reading) -> bool:
    """Tell whether the prompt itself gives the words that are asked for."""
    quoted = [
        reading.text[token.start + 1 : token.end - 1]
        for token in reading.tokens
        if token.word.startswith(QUOTE)
    ]
    return any(each and each in prompt for each in quoted)


def _softened(criterion: DraftCriterion, reading: Reading) -> Rewrite:
    text, number = _DROPPABLE.subn("", reading.text)
    if number:
        return changed(criterion, "Let other words count", text=text.strip())
    return edit(criterion, "Say what it must mean")
