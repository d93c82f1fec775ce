"""C21: a condition says what holds when it is not so."""

import re
from collections.abc import Iterator

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import changed, found
from authoring.lint.words.reading import readings

_IF = re.compile(
    r"\s*(?:if|when|whenever|unless|in case|provided that|as long as|should the|where the)\b"
)
_ELSE = re.compile(
    r"\b(?:otherwise|else|if not|in (?:all|any) other cases?|counts as|does not apply"
    r"|not applicable|n/a)\b"
)


@RULES.add("C21")
def says_what_else(scene: Scene) -> Iterator[Finding]:
    """When the condition is false, one grader says met and the next says not met."""
    for criterion, reading in readings(scene):
        hit = _IF.match(reading.plain)
        if not hit or _ELSE.search(reading.plain):
            continue
        words = reading.shown(*hit.span()).strip()
        why = f"“{words}” leaves open what counts when it is not so."
        text = f"{criterion.text.rstrip(' .')}; if not, this counts as met."
        rewrite = changed(criterion, "Let it count as met otherwise", text=text[:1000])
        yield found("C21", Severity.WARNING, criterion, why, words, rewrite)
