"""C02: no judgement without a measure."""

import re
from collections.abc import Iterator

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.places import changed, edit, found
from authoring.lint.words.lexicon import JUDGEMENT
from authoring.lint.words.masking import LITERALS
from authoring.lint.words.reading import readings

_JUDGEMENT = re.compile(rf"(?<![\w-])(?<!as )(?:{'|'.join(sorted(JUDGEMENT))})(?![\w-])")
_ANCHOR = re.compile(
    rf"[:(]|\bi\.e\.|\be\.g\.|\bnamely\b|\bthat is\b|\bsuch as\b|, (?:the |a |an )?{LITERALS}"
)


@RULES.add("C02")
def no_bare_judgement(scene: Scene) -> Iterator[Finding]:
    """Two graders who read "appropriate" think of two things, unless the text says what counts."""
    for criterion, reading in readings(scene):
        if not JUDGEMENT & reading.vocabulary:
            continue
        for hit in _JUDGEMENT.finditer(reading.asked):
            if _ANCHOR.search(reading.plain, hit.end()) or f"'{hit[0]}'" in repr(criterion.check):
                continue
            words = reading.text[hit.start() : hit.end()]
            why = f"Two people may not mean the same by “{words}”: say how one sees it."
            rewrite = _without(criterion, words, hit.span())
            yield found("C02", Severity.WARNING, criterion, why, words, rewrite)
            break


def _without(criterion: DraftCriterion, words: str, span: tuple[int, int]) -> Rewrite:
    """Offer the sentence without a word that only praises; what is left has to say enough."""
    if not words.endswith("ly") and words.lower() != "correct":
        return edit(criterion, f"Say what counts as “{words}”")
    start, end = span
    text = f"{criterion.text[:start]}{criterion.text[end:].lstrip()}".strip()
    text = f"{text[:1].upper()}{text[1:]}"
    return changed(criterion, f"Leave “{words}” out", text=text)
