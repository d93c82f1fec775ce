"""A whole run in figures, in a number of queries that does not grow."""

from collections.abc import Iterable
from dataclasses import dataclass

from grading.held_out import LeftOut, left_out_of
from grading.models import Run, RunQuerySet
from grading.summaries.agents import AgentFigures, agent_figures
from grading.summaries.attempts import Attempt, by_agent, read_attempts
from grading.summaries.comparisons import Pair, against_one, against_run
from grading.summaries.conduct import conduct_of
from grading.summaries.criteria import Criteria, read_criteria
from grading.summaries.failures import read_failures

COUNTED = (Run.Kind.EVALUATION, Run.Kind.DEMO)  # kinds in numbers across runs


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFigures:
    """baseline: whom the pairs compare with, "" where there are none.

    against: the other run compared with, else None. left_out: what is in none of the numbers
    because it is held out from whoever asks.
    """

    agents: tuple[AgentFigures, ...]
    criteria: Criteria
    baseline: str
    pairs: tuple[Pair, ...]
    against: Run | None
    left_out: LeftOut


def comparable(runs: RunQuerySet, run: Run) -> RunQuerySet:
    """Keep the runs whose numbers may stand beside those of this one."""
    return runs.filter(kind__in=COUNTED).exclude(pk=run.pk)


def run_figures(run: Run, *, baseline: str = "", against: Run | None = None) -> RunFigures:
    """Sum up a run by its official grading.

    baseline: the agent that the others are compared with; the one that passes most unless given.
    against: another run to compare with instead, agent by agent of the same name.
    """
    attempts = by_agent(read_attempts(run))
    criteria = read_criteria(run).in_order_of([*attempts])
    agents = _agents(run, attempts, criteria)
    chosen = baseline if baseline in attempts else _best(agents)
    pairs = _pairs(attempts, chosen, against)
    return RunFigures(
        agents=agents,
        criteria=criteria,
        baseline=chosen,
        pairs=pairs,
        against=against,
        left_out=left_out_of(run),
    )


def _pairs(
    attempts: dict[str, list[Attempt]], baseline: str, against: Run | None
) -> tuple[Pair, ...]:
    if against:
        return against_run(attempts, by_agent(read_attempts(against)))
    return against_one(attempts, baseline) if baseline else ()


def _agents(
    run: Run, attempts: dict[str, list[Attempt]], criteria: Criteria
) -> tuple[AgentFigures, ...]:
    everyone = [attempt for tried in attempts.values() for attempt in tried]
    conduct, failures = conduct_of(run, everyone), read_failures(run)
    return tuple(
        agent_figures(agent, tried, conduct, criteria, failures.get(agent))
        for agent, tried in attempts.items()
    )


def _best(agents: Iterable[AgentFigures]) -> str:
    """Name the agent that passes most, by reward where several do."""
    known = [agent for agent in agents if agent.passed.value is not None]
    ranked = max(known, key=lambda a: (a.passed.value or 0, a.reward.value or 0), default=None)
    return ranked.agent if ranked else ""
