"""Outcomes of rollouts as parts of a stacked bar."""

from collections.abc import Iterator, Mapping

from grading.marks import outcome_mark
from grading.models import RolloutOutcome
from grading.pages import Segment


def segments(outcomes: Mapping[str, int], total: int) -> Iterator[Segment]:
    start = 0.0
    for outcome in RolloutOutcome:
        if count := outcomes.get(outcome, 0):
            mark, share = outcome_mark(outcome), 100 * count / total
            yield Segment(state=mark.state, word=mark.word, count=count, start=start, share=share)
            start += share
