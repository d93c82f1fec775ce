"""A whole run in figures, in a number of queries that does not grow."""

from collections.abc import Iterable
from dataclasses import dataclass

from grading.models import Run, RunQuerySet
from grading.summaries.agents import AgentFigures, agent_figures
from grading.summaries.attempts import Attempt, by_agent, read_attempts
from grading.summaries.comparisons import Pair, against_one, against_run
from grading.summaries.conduct import read_conduct
from grading.summaries.criteria import CriterionFigures, read_criteria
from grading.summaries.failures import read_failures

COUNTED = (Run.Kind.EVALUATION, Run.Kind.DEMO)  # kinds in numbers across runs


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFigures:
    """baseline: whom the pairs compare with, "" where there are none.

    against: the other run compared with, else None.
    """

    agents: tuple[AgentFigures, ...]
    criteria: tuple[CriterionFigures, ...]
    baseline: str
    pairs: tuple[Pair, ...]
    against: Run | None


def comparable(runs: RunQuerySet, run: Run) -> RunQuerySet:
    """Keep the runs whose numbers may stand beside those of this one."""
    return runs.filter(kind__in=COUNTED).exclude(pk=run.pk)


def run_figures(run: Run, *, baseline: str = "", against: Run | None = None) -> RunFigures:
    """Sum up a run by its official grading.

    baseline: the agent that the others are compared with; the one that passes most unless given.
    against: another run to compare with instead, agent by agent of the same name.
    """
    attempts = by_agent(read_attempts(run))
    places = {agent: place for place, agent in enumerate(attempts)}
    criteria = sorted(read_criteria(run), key=lambda c: (c.task, c.key, places[c.agent]))
    agents = _agents(run, attempts, criteria)
    chosen = baseline if baseline in attempts else _best(agents)
    pairs = _pairs(attempts, chosen, against)
    return RunFigures(
        agents=agents, criteria=tuple(criteria), baseline=chosen, pairs=pairs, against=against
    )


def _pairs(
    attempts: dict[str, list[Attempt]], baseline: str, against: Run | None
) -> tuple[Pair, ...]:
    if against:
        return against_run(attempts, by_agent(read_attempts(against)))
    return against_one(attempts, baseline) if baseline else ()


def _agents(
    run: Run, attempts: dict[str, list[Attempt]], criteria: Iterable[CriterionFigures]
) -> tuple[AgentFigures, ...]:
    conduct, failures = read_conduct(run), read_failures(run)
    own: dict[str, list[CriterionFigures]] = {}
    for each in criteria:
        own.setdefault(each.agent, []).append(each)
    return tuple(
        agent_figures(agent, tried, conduct, own.get(agent, []), failures.get(agent))
        for agent, tried in attempts.items()
    )


def _best(agents: Iterable[AgentFigures]) -> str:
    """Name the agent that passes most, by reward where several do."""
    known = [agent for agent in agents if agent.passed.value is not None]
    ranked = max(known, key=lambda a: (a.passed.value or 0, a.reward.value or 0), default=None)
    return ranked.agent if ranked else ""
