"""One agent of a run in figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grading.models import RolloutOutcome
from grading.statistics.figures import Figure
from grading.statistics.means import all_over_trials, over_tasks
from grading.statistics.repeats import Spread, all_of, any_of, over_k, spread
from grading.summaries.attempts import (
    ABANDONED,
    PLAYED,
    Attempt,
    by_task,
    passes,
    passes_by_index,
    rewards,
    trials,
)
from grading.summaries.conduct import NO_STEPS, Conduct
from grading.summaries.criteria import Criteria
from grading.summaries.failures import Failures

EVERY_K = 16  # up to here every k is given, beyond it its doubles and the last
LABELS = ("category", "difficulty", "target_level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Rollouts of an agent; only `graded` ones are in rates and means."""

    tasks: int
    graded_tasks: int
    rollouts: int
    graded: int
    incomplete: int
    masked: int
    unfinished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverK:
    """pass@k and pass^k."""

    k: int
    any_passes: Figure
    all_pass: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Tasks of one label, such as the category "communication"."""

    label: str
    name: str
    passed: Figure
    reward: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductFigures:
    """Means over episodes that were played to their end, incomplete gradings included."""

    turns: Figure
    calls: Figure
    errors: Figure
    repeats: Figure
    truncated: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFigures:
    agent: str
    counts: Counts
    passed: Figure
    reward: Figure
    over_k: tuple[OverK, ...]
    repeats: Spread
    groups: tuple[Group, ...]
    criteria: Mapping[str, Figure]
    conduct: ConductFigures
    failures: Failures | None


def agent_figures(
    agent: str,
    attempts: Sequence[Attempt],
    conduct: Mapping[int, Conduct],
    criteria: Criteria,
    failures: Failures | None,
) -> AgentFigures:
    """attempts: this agent's own; conduct: by episode."""
    return AgentFigures(
        agent=agent,
        counts=_counts(attempts),
        passed=over_tasks(passes(attempts), is_share=True),
        reward=over_tasks(rewards(attempts), is_share=True),
        over_k=tuple(_over_k(attempts)),
        repeats=spread(passes_by_index(attempts)),
        groups=tuple(_groups(attempts)),
        criteria=criteria.by_category(agent),
        conduct=_conduct(attempts, conduct),
        failures=failures,
    )


def _counts(attempts: Sequence[Attempt]) -> Counts:
    graded = sum(attempt.is_graded for attempt in attempts)
    incomplete = sum(attempt.outcome == RolloutOutcome.INCOMPLETE for attempt in attempts)
    masked = sum(attempt.outcome in ABANDONED for attempt in attempts)
    return Counts(
        tasks=len({attempt.subject for attempt in attempts}),
        graded_tasks=len(by_task(attempts)),
        rollouts=len(attempts),
        graded=graded,
        incomplete=incomplete,
        masked=masked,
        unfinished=len(attempts) - graded - incomplete - masked,
    )


def _over_k(attempts: Sequence[Attempt]) -> list[OverK]:
    tasks = trials(attempts)
    most = max((task.n for task in tasks), default=0)
    return [
        OverK(k=k, any_passes=over_k(tasks, k, any_of), all_pass=over_k(tasks, k, all_of))
        for k in _ks(most)
    ]


def _ks(most: int) -> list[int]:
    doubles = [EVERY_K << power for power in range(1, 32) if EVERY_K << power < most]
    return [*range(1, min(most, EVERY_K) + 1), *doubles, *([most] if most > EVERY_K else [])]


def _groups(attempts: Sequence[Attempt]) -> list[Group]:
    found: dict[tuple[str, str], list[Attempt]] = {}
    for attempt in attempts:
        for label in LABELS:
            if (name := attempt.labels.get(label)) not in (None, ""):
                found.setdefault((label, str(name)), []).append(attempt)
    return [
        Group(
            label=label,
            name=name,
            passed=over_tasks(passes(some), is_share=True),
            reward=over_tasks(rewards(some), is_share=True),
        )
        for (label, name), some in found.items()
    ]


def _conduct(attempts: Sequence[Attempt], conduct: Mapping[int, Conduct]) -> ConductFigures:
    tasks: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        if attempt.outcome in PLAYED:
            tasks.setdefault(attempt.subject, []).append(attempt)

    means = all_over_trials(
        [
            [
                [float(getattr(conduct.get(a.episode, NO_STEPS), name)) for a in tried]
                for tried in tasks.values()
            ]
            for name in ("turns", "calls", "errors", "repeats")
        ],
        lowest=0,
    )
    turns, calls, errors, repeats = means
    truncated = [[float(a.is_truncated) for a in tried] for tried in tasks.values()]
    return ConductFigures(
        turns=turns,
        calls=calls,
        errors=errors,
        repeats=repeats,
        truncated=over_tasks(truncated, is_share=True),
    )
