"""C18: only what somebody asked for."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import edit, found
from authoring.lint.words.lexicon import REPORTING
from authoring.lint.words.negation import negation_of
from authoring.lint.words.reading import readings, stem, stems_of

_SOURCE = re.compile(
    r"\b(?:policy|policies|prompt|source|section|article|knowledge base|asked|asks|https?)\b", re.I
)
_REPORTING = frozenset(map(stem, REPORTING))
SHARED = 2  # words that a line of the policy has in common with what it asks for
RARE = 2  # lines of a policy in which a word stands that is telling by itself


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy speaks of, line by line; rare: the words that few of its lines have."""

    lines: tuple[frozenset[str], ...]
    rare: frozenset[str]

    def asks(self, topics: frozenset[str]) -> bool:
        return bool(topics & self.rare) or any(len(topics & line) >= SHARED for line in self.lines)


@RULES.add("C18")
def somebody_asked(scene: Scene) -> Iterator[Finding]:
    """An agent that did all that was asked must not lose points for what was not."""
    prompt = _topics(stems_of(scene.content.prompt))
    if not prompt:
        return
    policy = _policy(scene.prompts.get(scene.content.system_prompt, ""))
    for criterion, reading in readings(scene):
        topics = _topics(reading.stems)
        if topics & prompt or _is_free(criterion) or negation_of(reading).nots:
            continue
        if policy.asks(topics) or not _topics(reading.topics):
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


@lru_cache(maxsize=16)
def _policy(text: str) -> Policy:
    lines = tuple(_topics(stems_of(line)) for line in text.splitlines() if line.strip())
    numbers = Counter(each for line in lines for each in line)
    return Policy(lines, frozenset(each for each, n in numbers.items() if n <= RARE))


@lru_cache(maxsize=4096)
def _topics(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(each for each in stems if len(each) > 2) - _REPORTING
