"""Several votes on one criterion become one finding; every vote is kept.

A majority of all votes asked for decides. Without one the votes are split, and a split is
information: the finding is cannot_tell. A vote that failed might have gone any way, so where it
would have mattered nothing is decided: grader_error.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grading.criteria import Outcome
from grading.graders import Cited, Finding

REASON_LIMIT = 4000  # characters that are kept
WORDS = {
    Outcome.MET: "met",
    Outcome.NOT_MET: "not met",
    Outcome.CANNOT_TELL: "can’t tell",
    Outcome.GRADER_ERROR: "failed",
}


@dataclass(frozen=True)
class Vote:
    """One answer about one criterion. call: the id of the call that gave it."""

    number: int
    outcome: Outcome
    reason: str
    evidence: Sequence[Cited] = ()
    call: str = ""

    def as_json(self) -> dict[str, Any]:
        evidence = [{"step": item.step, "quote": item.quote} for item in self.evidence]
        return {
            "vote": self.number,
            "outcome": self.outcome.value,
            "rationale": self.reason[:REASON_LIMIT],
            "evidence": evidence,
            "call": self.call,
        }


@dataclass(frozen=True, slots=True)
class Judged(Finding):
    """A judge's finding. fingerprint: of judge, criterion and all that was shown."""

    votes: Sequence[Vote] = field(default=())
    fingerprint: str = ""


def counted_out(votes: Sequence[Vote], fingerprint: str = "") -> Judged:
    """Let the votes of one criterion decide."""
    counts = Counter(vote.outcome for vote in votes)
    outcome, most = counts.most_common(1)[0]
    if most * 2 > len(votes):
        chosen = next(vote for vote in votes if vote.outcome == outcome)
        split = f"{most} of {len(votes)} votes ({_shares(counts)}): " if len(counts) > 1 else ""
        return Judged(outcome, f"{split}{chosen.reason}", chosen.evidence, votes, fingerprint)
    if failed := next((v for v in votes if v.outcome == Outcome.GRADER_ERROR), None):
        reason = f"no majority among {_shares(counts)}; {failed.reason}"
        return Judged(Outcome.GRADER_ERROR, reason, (), votes, fingerprint)
    reason = f"the votes are split: {_shares(counts)}"
    return Judged(Outcome.CANNOT_TELL, reason, (), votes, fingerprint)


def _shares(counts: Mapping[Outcome, int]) -> str:
    return ", ".join(f"{counts[o]} {WORDS[o]}" for o in Outcome if counts.get(o))
