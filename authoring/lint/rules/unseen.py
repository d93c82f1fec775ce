"""C08: only what the evidence shows can be graded."""

import re
from collections.abc import Iterator

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import edit, found
from authoring.lint.words.lexicon import SAYERS
from authoring.lint.words.masking import NUMBER
from authoring.lint.words.reading import Reading, readings
from authoring.lint.words.tools import missing_tool
from authoring.lint.words.verbs import MENTAL, READING, past, third
from authoring.lint.words.wordlists import words

_HELP = r"(?:\w+ly |also |does not |never |should |must |will |can )?"
_OPEN_TO_VIEW = words("decide doubt forget notice open feel")
_THOUGHT = "|".join(
    sorted({form for base in MENTAL - _OPEN_TO_VIEW for form in (base, third(base), *past(base))})
)
_MENTAL = re.compile(
    rf"(?:\bagent |^){_HELP}"
    rf"(?:{_THOUGHT}|is aware|is sure|is convinced)\b"
)
_MOOD = re.compile(
    r"\b(?:is|are|feels?) (?:\w+ )?(?:happy|satisfied|pleased|content|glad|confident|reassured)\b"
)
_LATER = re.compile(
    rf"\bwithin (?:the next |the )?(?:{NUMBER}+|an?|one|two|three|\w+) (?:\w+ )?"
    r"(?:minutes?|hours?|days?|weeks?|months?)\b"
    r"|\bnext (?:day|week|month|year|time)\b|\bthe following (?:day|week|month|year)\b"
    r"|\blater on\b|\bafterwards\b|\beventually\b|\bin (?:the )?future\b|\bfrom now on\b"
    r"|\bgoing forward\b|\bafter the (?:conversation|episode|chat|call|task)\b"
)
_LOOKS = "|".join(
    sorted(
        {form for base in READING - {"open", "look"} for form in (base, third(base), *past(base))}
    )
)
_READS = re.compile(rf"(?:\bagent |^){_HELP}(?:{_LOOKS}|look(?:s|ed)? (?:up|at|into|through))\b")
_MOODS = words("happy satisfied pleased content glad confident reassured")
_TIMES = words("within next following later afterwards eventually future now forward after")
KEEP_NO_READS = frozenset({"state", "response", "unchanged"})


@RULES.add("C08")
def can_be_seen(scene: Scene) -> Iterator[Finding]:
    """What nobody wrote down cannot be checked: thoughts, later days, tools that are not there."""
    for criterion, reading in readings(scene):
        hit = _thought(reading) or _later(reading) or _read_only(criterion, reading)
        if hit:
            words, why = hit
            rewrite = edit(criterion, "Ask for what can be seen")
            yield found("C08", Severity.ERROR, criterion, why, words, rewrite)
        elif tool := missing_tool(scene, reading):
            toolset = scene.content.toolset
            why = f"The agent cannot use {tool}: the toolset {toolset} has no such tool."
            rewrite = edit(criterion, "Name what must come of it")
            yield found("C08", Severity.ERROR, criterion, why, tool, rewrite)


def _is_about_agent(reading: Reading) -> bool:
    """Tell whether the agent does it, or nobody who is named."""
    return "agent" in reading.vocabulary or reading.verb <= 1


def _thought(reading: Reading) -> tuple[str, str] | None:
    hit = _MENTAL.search(reading.asked) if _is_about_agent(reading) else None
    hit = hit or (_MOOD.search(reading.asked) if _MOODS & reading.vocabulary else None)
    if not hit:
        return None
    words = reading.text[hit.start() : hit.end()]
    return words, "Nobody can see what an agent thinks, only what it does and writes."


def _later(reading: Reading) -> tuple[str, str] | None:
    hit = _LATER.search(reading.asked) if _TIMES & reading.vocabulary else None
    if not hit or SAYERS & {*reading.words[: max(reading.verb, 0)]}:
        return None
    words = reading.text[hit.start() : hit.end()]
    return words, f"“{words}” is after the end: no record is kept of it."


def _read_only(criterion: DraftCriterion, reading: Reading) -> tuple[str, str] | None:
    is_kept = criterion.kind not in KEEP_NO_READS
    hit = None if is_kept or not _is_about_agent(reading) else _READS.search(reading.asked)
    if not hit:
        return None
    words = reading.text[hit.start() : hit.end()]
    return (
        words,
        f"Looking at something leaves no trace that a check of kind {criterion.kind} sees.",
    )
