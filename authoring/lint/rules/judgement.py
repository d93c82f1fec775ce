"""C02: no judgement without a measure."""

import re
from collections.abc import Iterator

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import edit, found
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
        for hit in _JUDGEMENT.finditer(reading.asked):
            if _ANCHOR.search(reading.plain, hit.end()) or f"'{hit[0]}'" in repr(criterion.check):
                continue
            words = reading.text[hit.start() : hit.end()]
            why = f"Two people may not agree what is “{words}”: say how one sees it."
            rewrite = edit(criterion, f"Say what counts as “{words}”")
            yield found("C02", Severity.WARNING, criterion, why, words, rewrite)
            break
