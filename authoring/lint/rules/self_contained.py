"""C05: a criterion can be read alone."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import edit, found
from authoring.lint.words.names import names_of
from authoring.lint.words.reading import Reading, read, readings
from authoring.lint.words.wordlists import words
from simulation.wording import spoken

_START = re.compile(
    r"\s*(?:it|they|he|she|its|their|his|her|same as|the same|as in|as above|see|ditto|likewise"
    r"|the (?:above|former|latter))\b"
)
_POINTER = re.compile(r"\s*(?:this|these|those|that)\b")
_INSIDE = re.compile(
    r"\b(?:the above|as above|see above|mentioned above|same as (?:#|criterion|the one)"
    r"|as in the (?:prompt|task)|(?:previous|next|other) criteri(?:on|a))\b"
)
_ELSEWHERE = words("above same prompt task criterion criteria")
_KNOWN_BY = r"(?! ?[\ue000-\ue003])(?! (?:of|who|whose|whom|with|from|in|named|called|which)\b)"


@RULES.add("C05")
def stands_alone(scene: Scene) -> Iterator[Finding]:
    """Graders see one criterion at a time: what "it" or "the customer" is has to be said there."""
    several = _several(scene)
    for criterion, reading in readings(scene):
        if words := _points_elsewhere(reading):
            why = f"“{words}” points at something that a grader of this line does not see."
            rewrite = edit(criterion, f"Say what “{words}” is")
            yield found("C05", Severity.WARNING, criterion, why, words, rewrite)
        elif words := _ambiguous(reading, several):
            why = f"The task is about more than one: say which “{words}” is meant."
            rewrite = edit(criterion, "Name which one")
            yield found("C05", Severity.WARNING, criterion, why, words, rewrite)


def _points_elsewhere(reading: Reading) -> str:
    hit = _START.match(reading.plain)
    if not hit and _ELSEWHERE & reading.vocabulary:
        hit = _INSIDE.search(reading.plain)
    pointer = _POINTER.match(reading.plain)
    if not hit and pointer and reading.verb == 1:
        hit = pointer
    return reading.shown(*hit.span()).strip() if hit else ""


def _ambiguous(reading: Reading, several: Mapping[str, re.Pattern[str]]) -> str:
    for kind, pattern in several.items():
        hit = pattern.search(reading.plain)
        if hit and kind not in {named for named, _ in reading.rows}:
            return reading.text[hit.start() : hit.end()]
    return ""


def _several(scene: Scene) -> dict[str, re.Pattern[str]]:
    """Give a pattern of "the customer" for every type of which the task names two."""
    rows = {row for _, reading in readings(scene) for row in reading.rows}
    rows |= read(scene.content.prompt, names_of(scene)).rows
    if asker := scene.content.asker:
        rows.add((asker.type, asker.id))
    numbers = Counter(kind for kind, _ in rows)
    return {
        kind: re.compile(rf"\bthe {spoken(kind).split()[-1]}\b{_KNOWN_BY}")
        for kind, number in sorted(numbers.items())
        if number > 1
    }
