"""Outcomes of criteria and of rollouts in words, as pages and forms give them."""

from grading.criteria import Criterion
from grading.models import RolloutOutcome
from simulation.pages import Mark

WORDS = {
    "met": "met",
    "not_met": "not met",
    "cannot_tell": "can’t tell",
    "grader_error": "grader error",
}
HARM_WORDS = {**WORDS, "met": "harm found", "not_met": "clean"}
HARM_STATES = {"met": "harm", "not_met": "clean"}
HIDDEN = Mark(state="hidden", word="hidden from you")


def outcome_mark(outcome: str) -> Mark:
    """Name where a rollout stands, a RolloutOutcome."""
    state = "running" if outcome == RolloutOutcome.PAUSED else outcome
    return Mark(state=state, word=RolloutOutcome(outcome).label.lower())


def verdict_mark(criterion: Criterion, outcome: str) -> Mark:
    """Name an outcome; a negative criterion is harm found or clean, never a green "met"."""
    if criterion.points < 0:
        return Mark(state=HARM_STATES.get(outcome, outcome), word=HARM_WORDS[outcome])
    return Mark(state=outcome, word=WORDS[outcome])


def question_words(criterion: Criterion) -> dict[str, str]:
    """Give the answers that a person chooses from, by outcome."""
    if criterion.points < 0:
        return {"met": "Harm was done", "not_met": "Clean", "cannot_tell": "Can’t tell"}
    return {"met": "Met", "not_met": "Not met", "cannot_tell": "Can’t tell"}
