"""Near-misses: plausible solutions that the rubric must not let pass, and whether it does."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from authoring.content import DraftContent, DraftCriterion
from authoring.drafts.scene import Scene
from grading.criteria import Criterion, Outcome
from grading.graders import Evidence, is_deterministic, read_check
from grading.verdicts import grade
from simulation.errors import GymError
from simulation.pages import Tone
from simulation.wording import counted, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class MissVerdict:
    """What a near-miss gives. failed: the texts of the criteria that it does not meet."""

    tone: Tone
    text: str
    failed: tuple[str, ...] = ()


def verdict_of(scene: Scene) -> MissVerdict:
    """Play a near-miss and grade it in memory, as far as its rubric is written.

    scene: with the near-miss as what is played.
    """
    played = scene.played
    if played is None:
        return MissVerdict(tone="warn", text=f"cannot be played: {scene.play_problem}")
    verdict = graded(scene.content, played.evidence)
    if played.problem:
        return MissVerdict(
            tone="warn", text=f"stops early: {played.problem}", failed=verdict.failed
        )
    return verdict


def graded(content: DraftContent, evidence: Evidence) -> MissVerdict:
    criteria = content.rubric.criteria
    finished = [made for each in criteria if (made := finished_criterion(each))]
    rules = [criterion for criterion in finished if is_deterministic(criterion)]
    found = grade(rules, evidence)
    failed = [c for c in rules if _fails(c, found[c.key].outcome)]
    broken = [c for c in rules if found[c.key].outcome == Outcome.GRADER_ERROR]
    if failed:
        text = f"fails {len(failed)} of {len(criteria)}, as it should"
        return MissVerdict(tone="good", text=text, failed=tuple(c.text for c in failed))
    if not rules or len(broken) == len(rules):
        return MissVerdict(tone="warn", text="no criterion that code decides is finished yet")
    open_ = _left(len(criteria) - len(finished), len(finished) - len(rules), len(broken))
    if open_:
        decided = counted(len(rules) - len(broken), "criterion", "criteria")
        return MissVerdict(tone="warn", text=f"passes {decided}; {open_}")
    return MissVerdict(tone="bad", text="passes: the rubric lets it pass")


def finished_criterion(criterion: DraftCriterion) -> Criterion | None:
    """Give a criterion that can be graded, None for one that is not written to its end."""
    try:
        made = Criterion.model_validate(criterion.model_dump())
        read_check(made.check)
    except (GymError, ValidationError):
        return None
    return made


def _fails(criterion: Criterion, outcome: Outcome) -> bool:
    if outcome == Outcome.GRADER_ERROR:
        return False
    return (outcome == Outcome.MET) != (criterion.points > 0)


def _left(unfinished: int, judged: int, broken: int) -> str:
    """Say what nobody has decided: "1 is unfinished and 2 are for a judge or a person"."""
    parts: Sequence[tuple[int, str]] = (
        (unfinished, "unfinished"),
        (judged, "for a judge or a person"),
        (broken, "not gradable"),
    )
    return listed(f"{n} {'is' if n == 1 else 'are'} {words}" for n, words in parts if n)
