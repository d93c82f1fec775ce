"""Judging an episode of a run: what was decided before is used again, the rest is asked."""

from collections.abc import Callable, Mapping, Sequence

from grading.criteria import Criterion, Outcome
from grading.graders import Evidence, Finding
from grading.judging.asking import REPAIRS
from grading.judging.costs import keeper
from grading.judging.deciding import decide, fingerprint, looks_of, shown_to
from grading.judging.reuse import known_verdicts
from grading.models import Assessment, Judge, JudgeCall

MOST_DEATHS = 3  # workers that asked in one round and stored nothing


def judge_criteria(
    assessment: Assessment,
    criteria: Sequence[Criterion],
    evidence: Evidence,
    *,
    goes_on: Callable[[], bool],
) -> Mapping[str, Finding]:
    """Decide criteria by the grading's judge. Raises Stopped when it does not go on."""
    judge = assessment.grading.judge
    if judge is None or not criteria:
        return {}
    shown = shown_to(judge, criteria, evidence)
    prints = {c.key: fingerprint(judge, c, shown[looks_of(c)]) for c in criteria}
    known: dict[str, Finding] = {**known_verdicts(assessment, prints)}
    todo = [criterion for criterion in criteria if criterion.key not in known]
    if not todo:
        return known
    if _costs_without_end(assessment, judge, todo):
        return known | {criterion.key: _given_up() for criterion in todo}
    keep = keeper(judge, assessment)
    return {**known, **decide(judge, todo, evidence, keep=keep, goes_on=goes_on)}


def _costs_without_end(assessment: Assessment, judge: Judge, criteria: Sequence[Criterion]) -> bool:
    """Tell whether workers die again and again after they have asked: each time costs money."""
    most = MOST_DEATHS * judge.value.votes * len(criteria) * (1 + REPAIRS)
    return JudgeCall.objects.filter(assessment=assessment, round=assessment.round).count() >= most


def _given_up() -> Finding:
    reason = f"the judge answered {MOST_DEATHS} workers in a row that ended before they stored it"
    return Finding(Outcome.GRADER_ERROR, reason)
