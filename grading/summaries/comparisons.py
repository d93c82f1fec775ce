"""Agents of one run against one of them, or against the same agents of another run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grading.statistics.pairs import Comparison, compare
from grading.statistics.power import detectable, tasks_needed
from grading.statistics.significance import holm
from grading.summaries.attempts import Attempt, paired

WORTH_FINDING = 0.05  # the difference for which the tasks needed are given


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """`second` minus `first`, in passes and in rewards.

    adjusted_p: Holm's over all pairs shown together. detectable: the difference in pass rate found
    with 80 % power; tasks_needed: for a difference of five points.
    """

    first: str
    second: str
    passed: Comparison
    reward: Comparison
    adjusted_p: float | None
    detectable: float | None
    tasks_needed: int | None


def against_one(agents: Mapping[str, Sequence[Attempt]], baseline: str) -> tuple[Pair, ...]:
    """Compare every other agent with the baseline."""
    others = [agent for agent in agents if agent != baseline]
    return _pairs([(baseline, agent, agents[baseline], agents[agent]) for agent in others])


def against_run(
    mine: Mapping[str, Sequence[Attempt]], theirs: Mapping[str, Sequence[Attempt]]
) -> tuple[Pair, ...]:
    """Compare each agent with the one of the same name in an earlier run."""
    both = [agent for agent in mine if agent in theirs]
    return _pairs([(agent, agent, theirs[agent], mine[agent]) for agent in both])


def _pairs(
    sides: Sequence[tuple[str, str, Sequence[Attempt], Sequence[Attempt]]],
) -> tuple[Pair, ...]:
    passed = [compare(paired(one), paired(other)) for _, _, one, other in sides]
    known = [comparison.p for comparison in passed if comparison.p is not None]
    adjusted = iter(holm(known))
    return tuple(
        _pair(first, second, comparison, compare(_rewards(one), _rewards(other)),
              next(adjusted) if comparison.p is not None else None)
        for (first, second, one, other), comparison in zip(sides, passed, strict=True)
    )  # fmt: skip


def _rewards(attempts: Sequence[Attempt]) -> Mapping[str, Mapping[int, float]]:
    return paired(attempts, rewards=True)


def _pair(
    first: str, second: str, passed: Comparison, reward: Comparison, adjusted_p: float | None
) -> Pair:
    deviation, tasks = passed.deviation, passed.difference.clusters
    return Pair(
        first=first,
        second=second,
        passed=passed,
        reward=reward,
        adjusted_p=adjusted_p,
        detectable=None if deviation is None else detectable(deviation, tasks),
        tasks_needed=None if deviation is None else tasks_needed(deviation, WORTH_FINDING),
    )
