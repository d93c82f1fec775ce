"""The rollouts of a run as its official grading sees them, in one query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from grading.models import Rollout, RolloutOutcome, Run
from grading.statistics.pairs import Rollouts
from grading.statistics.repeats import Trials
from simulation.stops import TRUNCATED

GRADED = frozenset({RolloutOutcome.PASS, RolloutOutcome.FAIL})
PLAYED = GRADED | {RolloutOutcome.INCOMPLETE}  # ended by the agent or a limit, not by us
ABANDONED = frozenset({RolloutOutcome.MASKED, RolloutOutcome.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One rollout with its official result; reward is None unless it is completely graded.

    ended_at: of its episode. is_forgotten: its steps were removed.
    """

    subject: str
    agent: str
    index: int
    episode: int
    outcome: str
    reward: float | None
    is_truncated: bool
    ended_at: datetime | None
    is_forgotten: bool
    labels: Mapping[str, Any]

    @property
    def is_graded(self) -> bool:
        return self.outcome in GRADED

    @property
    def passed(self) -> bool:
        return self.outcome == RolloutOutcome.PASS


def read_attempts(run: Run) -> list[Attempt]:
    """Read the rollouts that a run shows, agents in the order of their first one."""
    rollouts = Rollout.objects.shown_in(run).with_outcome(run.official_id)
    rows = rollouts.order_by("pk").values(
        "subject", "agent", "index", "labels", "outcome",
        episode_number=F("episode_id"), official_reward=F("graded__reward"),
        stop=F("episode__stop_reason"), ended_at=F("episode__ended_at"),
        forgotten_at=F("episode__forgotten_at"),
    )  # fmt: skip
    return [
        Attempt(
            subject=row["subject"],
            agent=row["agent"],
            index=row["index"],
            episode=row["episode_number"],
            outcome=row["outcome"],
            reward=row["official_reward"] if row["outcome"] in GRADED else None,
            is_truncated=row["stop"] in TRUNCATED,
            ended_at=row["ended_at"],
            is_forgotten=row["forgotten_at"] is not None,
            labels=row["labels"],
        )
        for row in rows
    ]


def by_agent(attempts: Iterable[Attempt]) -> dict[str, list[Attempt]]:
    """Sort attempts by agent, in the order in which agents come first."""
    sorted_: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        sorted_.setdefault(attempt.agent, []).append(attempt)
    return sorted_


def by_task(attempts: Iterable[Attempt]) -> dict[str, list[Attempt]]:
    """Sort graded attempts by task; a task without any is not there."""
    sorted_: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        if attempt.is_graded:
            sorted_.setdefault(attempt.subject, []).append(attempt)
    return sorted_


def trials(attempts: Iterable[Attempt]) -> list[Trials]:
    return [
        Trials(task, len(tried), sum(attempt.passed for attempt in tried))
        for task, tried in by_task(attempts).items()
    ]


def passes(attempts: Iterable[Attempt]) -> list[list[float]]:
    return [[float(a.passed) for a in tried] for tried in by_task(attempts).values()]


def rewards(attempts: Iterable[Attempt]) -> list[list[float]]:
    return [[a.reward or 0.0 for a in tried] for tried in by_task(attempts).values()]


def passes_by_index(attempts: Sequence[Attempt]) -> dict[int, list[bool]]:
    found: dict[int, list[bool]] = {}
    for attempt in attempts:
        if attempt.is_graded:
            found.setdefault(attempt.index, []).append(attempt.passed)
    return found


def paired(attempts: Iterable[Attempt], *, rewards: bool = False) -> Rollouts:
    """Give what a comparison takes: passes, or rewards, by task and index."""
    return {
        task: {a.index: (a.reward or 0.0) if rewards else float(a.passed) for a in tried}
        for task, tried in by_task(attempts).items()
    }
