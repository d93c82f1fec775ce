"""How often each criterion was met, by the verdicts that count in the official grading.

A run has thousands of criteria and its page shows a dozen: verdicts are counted for all of them,
figures are made only of those that are asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nsmallest
from statistics import fmean
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from grading.models import Assessment, Rubric, Run, Verdict
from grading.models.runs import shown_by
from grading.statistics.figures import Figure
from grading.statistics.means import over_tasks
from grading.statistics.rates import Share, wilson
from grading.verdicts import DECIDED, standing
from simulation.stops import MASKED

Outcome = Verdict.Outcome
Tried = tuple[str, str, str]  # agent, task, hash of the rubric
Rubrics = Mapping[str, Mapping[str, Mapping[str, Any]]]  # hash -> key -> criterion


class Tally(NamedTuple):
    """Trials of one criterion: n decided, of these fulfilled and undecidable; errors apart."""

    n: int
    fulfilled: int
    cannot_tell: int
    grader_errors: int

    @property
    def share(self) -> float:
        return self.fulfilled / self.n


class CriterionFigures(NamedTuple):
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
        found: dict[str, dict[str, list[int]]] = {}
        for at, tallies in self.tallies.items():
            if at[0] == agent:
                criteria = self.rubrics[at[2]]
                for key, tally in tallies.items():
                    tasks = found.setdefault(criteria[key]["category"], {})
                    counted = tasks.setdefault(at[1], [0, 0])
                    counted[0] += tally.fulfilled
                    counted[1] += tally.n
        return {
            category: over_tasks(
                [[1.0] * met + [0.0] * (n - met) for met, n in tasks.values()], is_share=True
            )
            for category, tasks in sorted(found.items())
            if any(n for _, n in tasks.values())
        }

    def most_missed(self, limit: int) -> list[list[CriterionFigures]]:
        """Give the criteria that agents fulfil least, each with the figures of all its agents."""
        missed = {
            (at[1], key)
            for at, tallies in self.tallies.items()
            for key, tally in tallies.items()
            if tally.fulfilled < tally.n
        }
        found: dict[tuple[str, str], list[Tried]] = {each: [] for each in missed}
        for at, tallies in self.tallies.items():
            for key, tally in tallies.items():
                if tally.n and (at[1], key) in missed:
                    found[at[1], key].append(at)
        return [
            [self._figures(at, key) for at in tried]
            for (_, key), tried in nsmallest(limit, found.items(), key=self._fulfilled)
        ]

    def _fulfilled(self, tried: tuple[tuple[str, str], Sequence[Tried]]) -> Any:
        (task, key), everyone = tried
        return fmean(self.tallies[at][key].share for at in everyone), task, key

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
    found: dict[Tried, list[Mapping[str, str]]] = {}
    for _, agent, task, rubric, keys, outcomes in _effective(run):
        outcome_of = dict(zip(keys, outcomes, strict=True))
        found.setdefault((agent, task, rubric), []).append(outcome_of)
    tallies = {at: _tallies(trials, rubrics[at[2]]) for at, trials in found.items()}
    return Criteria(tallies=tallies, rubrics=rubrics)


def _tallies(
    trials: Sequence[Mapping[str, str]], criteria: Mapping[str, Mapping[str, Any]]
) -> dict[str, Tally]:
    decided = {
        key: tuple([outcomes[key] for outcomes in trials if key in outcomes]) for key in criteria
    }
    return {
        key: _tally(outcomes, criteria[key]["points"] < 0)
        for key, outcomes in decided.items()
        if outcomes
    }


@lru_cache(maxsize=4096)
def _tally(outcomes: tuple[str, ...], is_harm: bool) -> Tally:
    met, errors = outcomes.count(Outcome.MET), outcomes.count(Outcome.GRADER_ERROR)
    n = len(outcomes) - errors
    return Tally(n, n - met if is_harm else met, outcomes.count(Outcome.CANNOT_TELL), errors)


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
        .filter(*shown_by([run], "assessment__rollout__episode"))
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
    graded = Assessment.objects.filter(
        *shown_by([run], "rollout__episode"), grading=run.official_id
    )
    used = Rubric.objects.filter(hash__in=graded.values("rubric"))
    return {
        rubric.hash: {criterion["key"]: criterion for criterion in rubric.content["criteria"]}
        for rubric in used
    }
