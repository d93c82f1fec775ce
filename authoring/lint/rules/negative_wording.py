"""C06 and C07: what must not happen is worded as it happens, and costs points."""

import re
from collections.abc import Iterator
from itertools import pairwise

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.places import changed, edit, found
from authoring.lint.words.affirming import affirmed
from authoring.lint.words.joints import joints_of
from authoring.lint.words.masking import NUMBER
from authoring.lint.words.negation import Negation, negation_of
from authoring.lint.words.reading import Reading, readings

HARM = -2
DENIED = "“{}” asks that something does not happen: word the harm, and let it cost."
OVER = "“{}” says what it is not: say what it is instead."
_MADE = re.compile(
    r"\b(?:sent|issued|created|made|written|posted|that the agent|(?:of|by|from) the agent"
    r"|in the (?:final |closing )?(?:answer|message|reply|response|table|e-mail|email))\s*$"
    r"|\b(?:sent|issued|created|made|written|posted)\b"
)
_EVERY = re.compile(r"\s*(?:every|each|all|any)\b")
_ONLY = re.compile(
    r"(?<!the )(?<!not )\bonly\b(?! (?:after|when|if|once|then|one)\b)(?![^.]*" + NUMBER + ")"
)
_DOER = re.compile(r"\b(?:agent|answer|message|reply|response|table|e-mail|email)\b")


@RULES.add("C06")
def says_what_happens(scene: Scene) -> Iterator[Finding]:
    """A harm that is worded as it happens can be found; its absence can only be believed."""
    for criterion, reading in readings(scene):
        if criterion.kind == "unchanged":
            continue
        negation = negation_of(reading)
        if not (negation.nots or negation.is_over):
            continue
        words = _words(reading, negation)
        if negation.is_double or criterion.points < 0:
            yield _double(criterion, reading, negation, words)
        else:
            why = OVER if negation.is_over else DENIED
            rewrite = _harmful(criterion, reading, negation)
            yield found("C06", Severity.WARNING, criterion, why.format(words), words, rewrite)


@RULES.add("C07")
def not_for_nothing(scene: Scene) -> Iterator[Finding]:
    """What is true of an agent that does nothing gives points for nothing."""
    for criterion, reading in readings(scene):
        if criterion.points < 0 or criterion.kind == "unchanged":
            continue
        negation = negation_of(reading)
        hit = _vacuous(reading, negation)
        if not hit:
            continue
        words = reading.text[hit[0] : hit[1]]
        why = "An agent that does nothing at all meets this, and gets the points."
        denies = negation.nots and hit in negation.nots
        rewrite = (
            _harmful(criterion, reading, negation)
            if denies
            else edit(criterion, "Say what must be there")
        )
        yield found("C07", Severity.ERROR, criterion, why, words, rewrite)


def _vacuous(reading: Reading, negation: Negation) -> tuple[int, int] | None:
    if negation.is_double or negation.is_over:
        return None
    if negation.nots:
        return negation.nots[0] if _denies_all(reading, negation) else None
    subject = reading.subject
    every = _EVERY.match(reading.plain)
    if every and NUMBER not in subject and _MADE.search(subject):
        return every.start(), len(subject)
    only = _ONLY.search(reading.asked)
    if only and only.start() > 0:
        described = re.search(r"\b(?:whose|whom|where)\b", reading.asked[: only.start()])
        return only.span() if _DOER.search(subject) and not described else None
    return None


def _denies_all(reading: Reading, negation: Negation) -> bool:
    """Tell whether every one of several requirements is denied: one that is not takes work."""
    joints = [joint.start for joint in joints_of(reading)]
    spans = pairwise([0, *joints, len(reading.text)])
    return all(any(low <= start < high for start, _ in negation.nots) for low, high in spans)


def _words(reading: Reading, negation: Negation) -> str:
    if not negation.nots:
        return "no longer" if "no longer" in reading.plain else "any more"
    start, end = negation.nots[0]
    return reading.text[start:end]


def _double(criterion: DraftCriterion, reading: Reading, negation: Negation, words: str) -> Finding:
    if negation.is_double:
        why = "Two negations in one sentence: say it without both."
        return found(
            "C06", Severity.ERROR, criterion, why, words, edit(criterion, "Say it plainly")
        )
    why = (
        f"Points are lost when “{words}” is true: word what should happen, and give points for it."
    )
    rewrite = _flipped(criterion, reading, negation, "Make it worth points", -criterion.points)
    return found("C06", Severity.ERROR, criterion, why, words, rewrite)


def _harmful(criterion: DraftCriterion, reading: Reading, negation: Negation) -> Rewrite:
    return _flipped(criterion, reading, negation, "Make it harmful", HARM)


def _flipped(
    criterion: DraftCriterion, reading: Reading, negation: Negation, label: str, points: int
) -> Rewrite:
    if joints_of(reading):
        return edit(criterion, "Split it first")
    text = affirmed(reading, negation)
    if not text:
        return edit(criterion, "Say what happens instead")
    check = _turned(criterion.check)
    return changed(criterion, label, text=text, points=points, check=check)


def _turned(check: dict[str, object]) -> dict[str, object]:
    """Give a check of the opposite, where one is known; the kind alone otherwise."""
    if check.get("kind") in ("judge", "human"):
        return check
    if check.get("kind") == "state" and check.get("exists") is False:
        return {**check, "exists": True}
    if check.get("kind") == "tool_call" and check.get("called") is False:
        return {**check, "called": True}
    text = check.get("text")
    if isinstance(text, dict) and {*text} == {"none_of"}:
        return {**check, "text": {"any_of": text["none_of"]}}
    return {}
