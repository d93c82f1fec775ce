"""Equal evidence, equal verdict: rollouts of one group share what a judge decided once.

Repeats of an agent often do the same thing. Whoever measures how often a judge changes its mind
must not be answered from memory: repeated gradings neither take nor give.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grading.criteria import Outcome
from grading.graders import Cited, Finding
from grading.judging.votes import Judged
from grading.models import Assessment, Grading, Verdict


@dataclass(frozen=True, slots=True)
class Copied(Finding):
    """A finding that was made for another rollout. original: the verdict that holds it."""

    fingerprint: str = ""
    original: int = 0


def known_verdicts(assessment: Assessment, prints: Mapping[str, str]) -> dict[str, Copied]:
    """Find what was decided already, by criterion. prints: their fingerprints, by criterion."""
    rollout, grading = assessment.rollout, assessment.grading
    if grading.purpose == Grading.Purpose.REPEAT or not rollout.group:
        return {}
    decided = (
        Verdict.objects.filter(
            source=Verdict.Source.JUDGE,
            grader_fingerprint__in=prints.values(),
            copy_of=None,
            assessment__rollout__run=rollout.run_id,
            assessment__rollout__group=rollout.group,
        )
        .exclude(outcome=Verdict.Outcome.GRADER_ERROR)
        .exclude(assessment__grading__purpose=Grading.Purpose.REPEAT)
        .order_by("-pk")
    )
    by_print = {verdict.grader_fingerprint: verdict for verdict in decided}  # the first one stays
    return {key: _copied(by_print[p]) for key, p in prints.items() if p in by_print}


def judged_columns(finding: Finding) -> dict[str, Any]:
    """Give the columns of a judge's verdict that no other verdict has."""
    if isinstance(finding, Copied):
        return {"copy_of_id": finding.original, "grader_fingerprint": finding.fingerprint}
    if isinstance(finding, Judged):
        votes = [vote.as_json() for vote in finding.votes]
        return {"votes": votes, "grader_fingerprint": finding.fingerprint}
    return {}


def _copied(verdict: Verdict) -> Copied:
    evidence = tuple(Cited(item["step"], item["quote"]) for item in verdict.evidence)
    outcome, print_ = Outcome(verdict.outcome), verdict.grader_fingerprint
    return Copied(outcome, verdict.rationale, evidence, print_, verdict.pk)
