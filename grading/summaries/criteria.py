"""How often each criterion was met, by the verdicts that count in the official grading.

A run has thousands of criteria and its page shows a dozen: verdicts are counted for all of them,
figures are made only of those that are asked for.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from statistics import fmean
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from grading.models import Assessment, Rubric, Run, Verdict
from grading.statistics.figures import Figure
from grading.statistics.means import over_tasks
from grading.statistics.rates import Share, wilson
from grading.verdicts import DECIDED, standing
from simulation.stops import MASKED

Tried = tuple[str, str, str]  # agent, task, hash of the rubric
Rubrics = Mapping[str, Mapping[str, Mapping[str, Any]]]  # hash -> key -> criterion
ERROR = str(Verdict.Outcome.GRADER_ERROR)


class Tally(NamedTuple):
    """Trials of one criterion: n decided, of these fulfilled and undecidable; errors apart."""

    n: int
    fulfilled: int
    cannot_tell: int
    grader_errors: int

    @property
    def share(self) -> float:
        return self.fulfilled / self.n


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionFigures:
    """One criterion of one task, for one agent.

    fulfilled_times: of n decided trials met, or for negative points not met. cannot_tell counts as
    not met.
    """

    agent: str
    task: str
    key: str
    text: str
    category: str
    points: int
    n: int
    fulfilled_times: int
    cannot_tell: int
    grader_errors: int

    @property
    def fulfilled(self) -> Share | None:
        """The share with Wilson's interval: trials of one task are independent of each other."""
        return wilson(self.fulfilled_times, self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """All criteria of a run; iterating gives their figures by task and key, agents in order.

    tallies: by criterion key, of each agent on each task.
    """

    tallies: Mapping[Tried, Mapping[str, Tally]]
    rubrics: Rubrics

    def __iter__(self) -> Iterator[CriterionFigures]:
        tried = [(at[1], key, at) for at, tallies in self.tallies.items() for key in tallies]
        for _, key, at in sorted(tried, key=lambda each: each[:2]):
            yield self._figures(at, key)

    def __len__(self) -> int:
        """Count the criteria of all tasks, however many agents tried them."""
        return len({(at[1], key) for at, tallies in self.tallies.items() for key in tallies})

    def in_order_of(self, agents: Sequence[str]) -> "Criteria":
        places = {agent: place for place, agent in enumerate(agents)}
        order = sorted(self.tallies, key=lambda at: places[at[0]])
        return replace(self, tallies={at: self.tallies[at] for at in order})

    def by_category(self, agent: str) -> dict[str, Figure]:
        """Give the share of criteria that an agent fulfilled by category, the mean over tasks."""
        found: dict[str, dict[str, list[float]]] = {}
        for at, tallies in self.tallies.items():
            if at[0] == agent:
                for key, tally in tallies.items():
                    tasks = found.setdefault(self.rubrics[at[2]][key]["category"], {})
                    values = [1.0] * tally.fulfilled + [0.0] * (tally.n - tally.fulfilled)
                    tasks.setdefault(at[1], []).extend(values)
        return {
            category: over_tasks([*tasks.values()], is_share=True)
            for category, tasks in sorted(found.items())
            if any(tasks.values())
        }

    def most_missed(self, limit: int) -> list[list[CriterionFigures]]:
        """Give the criteria that agents fulfil least, each with the figures of all its agents."""
        found: dict[tuple[str, str], list[tuple[float, Tried]]] = {}
        for at, tallies in self.tallies.items():
            for key, tally in tallies.items():
                if tally.n:
                    found.setdefault((at[1], key), []).append((tally.share, at))
        means = ((fmean(share for share, _ in tried), each) for each, tried in found.items())
        missed = nsmallest(limit, (mean for mean in means if mean[0] < 1))
        return [[self._figures(at, each[1]) for _, at in found[each]] for _, each in missed]

    def _figures(self, at: Tried, key: str) -> CriterionFigures:
        criterion, tally = self.rubrics[at[2]][key], self.tallies[at][key]
        return CriterionFigures(
            agent=at[0],
            task=at[1],
            key=key,
            text=criterion["text"],
            category=criterion["category"],
            points=criterion["points"],
            n=tally.n,
            fulfilled_times=tally.fulfilled,
            cannot_tell=tally.cannot_tell,
            grader_errors=tally.grader_errors,
        )


def read_criteria(run: Run) -> Criteria:
    """Count verdicts of a run's official grading in two queries, masked episodes apart."""
    rubrics = _rubrics(run)
    outcomes: dict[Tried, Counter[tuple[str, str]]] = {}
    for _, agent, task, rubric, keys, given in _effective(run):
        at = (agent, task, rubric)
        outcomes.setdefault(at, Counter()).update(dict(zip(keys, given, strict=True)).items())
    return Criteria(
        tallies={at: _tallies(counted, rubrics[at[2]]) for at, counted in outcomes.items()},
        rubrics=rubrics,
    )


def _tallies(
    counted: Mapping[tuple[str, str], int], criteria: Mapping[str, Mapping[str, Any]]
) -> dict[str, Tally]:
    by_key: dict[str, dict[str, int]] = {}
    for (key, outcome), times in counted.items():
        by_key.setdefault(key, {})[outcome] = times
    return {
        key: _tally(by_key[key], is_harm=criterion["points"] < 0)
        for key, criterion in criteria.items()
        if key in by_key
    }


def _tally(outcomes: Mapping[str, int], *, is_harm: bool) -> Tally:
    met, errors = outcomes.get(Verdict.Outcome.MET, 0), outcomes.get(ERROR, 0)
    n = sum(outcomes.values()) - errors
    cannot_tell = outcomes.get(Verdict.Outcome.CANNOT_TELL, 0)
    return Tally(n, n - met if is_harm else met, cannot_tell, errors)


def _effective(run: Run) -> Any:
    """Give keys and outcomes of each assessment; of one key the last is effective.

    See `grading.verdicts.effective`: only people are authoritative.
    """
    order = ("is_authoritative", "round", "pk")
    return (
        standing()
        .filter(assessment__grading=run.official_id, assessment__status__in=DECIDED)
        .exclude(assessment__rollout__episode__stop_reason__in=list(MASKED))
        .filter(~Q(source=Verdict.Source.HUMAN) | Q(is_authoritative=True))
        .order_by()
        .values_list(
            "assessment_id", "assessment__rollout__agent", "assessment__rollout__subject",
            "assessment__rubric_id",
        )
        .annotate(
            keys=ArrayAgg("criterion_key", order_by=order),
            outcomes=ArrayAgg("outcome", order_by=order),
        )
        .order_by("assessment_id")
    )  # fmt: skip


def _rubrics(run: Run) -> dict[str, dict[str, Mapping[str, Any]]]:
    graded = Assessment.objects.filter(grading=run.official_id)
    used = Rubric.objects.filter(hash__in=graded.values("rubric"))
    return {
        rubric.hash: {criterion["key"]: criterion for criterion in rubric.content["criteria"]}
        for rubric in used
    }
