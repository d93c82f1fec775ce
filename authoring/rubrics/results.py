"""A criterion on the reference: what its check says there, or why it says nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from grading.graders import GRADERS, Cited, Finding, read_check
from grading.marks import HARM_STATES, HARM_WORDS, WORDS
from grading.trying import is_decided_here, try_on
from simulation.errors import GymError
from simulation.pages import Mark
from simulation.state import WorldState
from simulation.wording import spoken

DECIDERS = {"judge": "A judge decides it.", "human": "A person decides it."}
NO_CHECK = "It has no check yet: edit it and choose a kind."
_PLACE = re.compile(r"check(?:\.[\w]+)*")
_MISSING = "is required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """mark: None where nothing is decided here; `note` says why. problems: what is wrong with the
    check, each one sentence; messages: the same as graders say it, each beginning with its path."""

    sentence: str = ""
    mark: Mark | None = None
    reason: str = ""
    note: str = ""
    problems: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    cited: tuple[Cited, ...] = ()

    @property
    def is_good(self) -> bool:
        return self.mark is not None and self.mark.state in ("met", "clean")


def result_of(
    criterion: DraftCriterion, scene: Scene, ready: WorldState | None, *, is_hidden: bool = False
) -> Result:
    """ready: the scene's clone after setup, one for all criteria.

    is_hidden: the reference is not for this person yet, nor what a check says of it.
    """
    if not criterion.kind:
        return Result(note=NO_CHECK)
    sentence = sentence_of(criterion.check)
    if ready is None or criterion.kind not in GRADERS:
        return Result(sentence=sentence, note=scene.world_problem)
    played = None if is_hidden else scene.played
    tried = try_on(criterion.check, ready, played.evidence if played else None)
    if tried.check is None:
        problems = tuple(map(plainly, tried.messages))
        return Result(sentence=sentence, problems=problems, messages=tried.messages)
    sentence = tried.check.sentence()
    if tried.finding is None:
        return Result(sentence=sentence, note=_undecided(criterion.kind, scene, is_hidden))
    return _decided(criterion, sentence, tried.finding)


def sentence_of(check: Mapping[str, Any]) -> str:
    """Say a check in English, "" while it is not whole."""
    try:
        return read_check(check).sentence()
    except GymError:
        return ""


def plainly(message: str) -> str:
    """Write what a grader says without the dots of its path: "expect 1, path is missing"."""
    place, colon, text = message.partition(": ")
    if not colon or not _PLACE.fullmatch(place):
        return message.removeprefix("check.")
    words = [_word(part) for part in place.split(".")[1:]]
    if not words:
        return text
    said = " ".join(words)
    return f"{said} is missing" if text == _MISSING else f"{said}: {text}"


def _word(part: str) -> str:
    return str(int(part) + 1) if part.isdecimal() else spoken(part)


def _undecided(kind: str, scene: Scene, is_hidden: bool) -> str:
    if not is_decided_here(kind):
        return DECIDERS.get(kind, "Nobody decides it here.")
    if is_hidden:
        return "What it says of the reference is shown when you have revealed the reference."
    return scene.play_problem


def _decided(criterion: DraftCriterion, sentence: str, finding: Finding) -> Result:
    outcome = str(finding.outcome)
    state, word = outcome, WORDS[outcome]
    if criterion.points < 0:
        state, word = HARM_STATES.get(outcome, outcome), HARM_WORDS[outcome]
    where = " on the reference" if outcome == "met" or criterion.points < 0 else ""
    return Result(
        sentence=sentence,
        mark=Mark(state=state, word=f"{word}{where}"),
        reason=finding.reason,
        cited=tuple(finding.evidence),
    )
