"""C18: only what somebody asked for."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import edit, found
from authoring.lint.words.reading import readings, stems_of

_SOURCE = re.compile(
    r"\b(?:policy|policies|prompt|source|section|article|knowledge base|asked|asks|https?)\b", re.I
)
SHARED = 2  # words that a line of the policy has in common with what it asks for


@RULES.add("C18")
def somebody_asked(scene: Scene) -> Iterator[Finding]:
    """An agent that did all that was asked must not lose points for what was not."""
    prompt = _long(stems_of(scene.content.prompt))
    if not prompt:
        return
    lines = _lines(_text(scene.prompts, scene.content.system_prompt))
    for criterion, reading in readings(scene):
        if _is_free(criterion) or not reading.stems:
            continue
        stems = _long(reading.stems)
        if stems & prompt or any(len(stems & line) >= SHARED for line in lines):
            continue
        why = "Neither prompt nor policy says anything of this: note where it is asked for."
        rewrite = edit(criterion, "Note the source")
        words = reading.text.strip()
        yield found("C18", Severity.WARNING, criterion, why, words, rewrite)


def _is_free(criterion: DraftCriterion) -> bool:
    return (
        criterion.points < 0
        or criterion.kind == "unchanged"
        or bool(_SOURCE.search(criterion.note))
    )


def _text(prompts: Mapping[str, str], name: str) -> str:
    return prompts.get(name, "")


@lru_cache(maxsize=16)
def _lines(policy: str) -> tuple[frozenset[str], ...]:
    return tuple(_long(stems_of(line)) for line in policy.splitlines() if line.strip())


@lru_cache(maxsize=4096)
def _long(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(each for each in stems if len(each) > 2)
