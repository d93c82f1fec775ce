"""How often each criterion was met, by the verdicts that count in the official grading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Value, When

from grading.models import Rubric, Run, Verdict
from grading.statistics.figures import Figure
from grading.statistics.means import over_tasks
from grading.statistics.rates import Share, wilson
from grading.verdicts import DECIDED, standing
from simulation.stops import MASKED

Key = tuple[str, str, str]  # agent, task, criterion


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


def read_criteria(run: Run) -> list[CriterionFigures]:
    """Count verdicts of a run's official grading in two queries, masked episodes apart."""
    texts = _criteria(run)
    counts: dict[tuple[Key, str], dict[str, int]] = {}
    for agent, task, rubric, key, outcome, times in _counted(run):
        counts.setdefault(((agent, task, key), rubric), {})[outcome] = times
    return [
        _figures(key, texts[rubric][key[2]], outcomes)
        for (key, rubric), outcomes in counts.items()
        if key[2] in texts[rubric]
    ]


def by_category(figures: Iterable[CriterionFigures]) -> dict[str, Figure]:
    """Give the share of criteria fulfilled by category, the mean over tasks."""
    sorted_: dict[str, dict[str, list[float]]] = {}
    for each in figures:
        if each.n:
            missed = each.n - each.fulfilled_times
            values = [1.0] * each.fulfilled_times + [0.0] * missed
            sorted_.setdefault(each.category, {}).setdefault(each.task, []).extend(values)
    return {
        category: over_tasks([*tasks.values()], is_share=True)
        for category, tasks in sorted(sorted_.items())
    }


def _figures(
    key: Key, criterion: Mapping[str, Any], outcomes: Mapping[str, int]
) -> CriterionFigures:
    met, points = outcomes.get(Verdict.Outcome.MET, 0), criterion["points"]
    errors = outcomes.get(Verdict.Outcome.GRADER_ERROR, 0)
    n = sum(outcomes.values()) - errors
    return CriterionFigures(
        agent=key[0],
        task=key[1],
        key=key[2],
        text=criterion["text"],
        category=criterion["category"],
        points=points,
        n=n,
        fulfilled_times=met if points > 0 else n - met,
        cannot_tell=outcomes.get(Verdict.Outcome.CANNOT_TELL, 0),
        grader_errors=errors,
    )


def _counted(run: Run) -> Any:
    """Count outcomes of effective verdicts by agent, task and criterion."""
    word = Case(
        When(source=Verdict.Source.HUMAN, then=Value(1)), default=0, output_field=IntegerField()
    )
    effective = (
        standing()
        .filter(assessment__grading=run.official_id, assessment__status__in=DECIDED)
        .exclude(assessment__rollout__episode__stop_reason__in=list(MASKED))
        .filter(~Q(source=Verdict.Source.HUMAN) | Q(is_authoritative=True))
        .annotate(final_word=word)
        .order_by("assessment_id", "criterion_key", "-final_word", "-round", "-pk")
        .distinct("assessment_id", "criterion_key")
    )
    return (
        Verdict.objects.filter(pk__in=effective.values("pk"))
        .order_by()
        .values_list(
            "assessment__rollout__agent", "assessment__rollout__subject",
            "assessment__rubric_id", "criterion_key", "outcome",
        )
        .annotate(times=Count("pk"))
    )  # fmt: skip


def _criteria(run: Run) -> dict[str, dict[str, Mapping[str, Any]]]:
    rubrics = Rubric.objects.filter(assessments__grading=run.official_id).distinct()
    return {
        rubric.hash: {criterion["key"]: criterion for criterion in rubric.content["criteria"]}
        for rubric in rubrics
    }
