"""How often each criterion was met, by the verdicts that count in the official grading."""

from collections import Counter
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
    """One criterion of one task, for one agent; trials of one task are independent of each other.

    fulfilled: met, or for a criterion of negative points not met. cannot_tell counts as not met.
    """

    agent: str
    task: str
    key: str
    text: str
    category: str
    points: int
    fulfilled: Share | None
    cannot_tell: int
    grader_errors: int


def read_criteria(run: Run) -> list[CriterionFigures]:
    """Count verdicts of a run's official grading in two queries, masked episodes apart."""
    texts = _criteria(run)
    counts: dict[tuple[Key, str], Counter[str]] = {}
    for row in _counted(run):
        key = row["assessment__rollout__agent"], row["assessment__rollout__subject"]
        place = (*key, row["criterion_key"]), row["assessment__rubric_id"]
        counts.setdefault(place, Counter())[row["outcome"]] += row["times"]
    return [
        _figures(key, texts[rubric][key[2]], outcomes)
        for (key, rubric), outcomes in counts.items()
        if key[2] in texts[rubric]
    ]


def by_category(figures: Iterable[CriterionFigures]) -> dict[str, Figure]:
    """Give the share of criteria fulfilled by category, the mean over tasks."""
    sorted_: dict[str, dict[str, list[float]]] = {}
    for each in figures:
        if each.fulfilled:
            met = round(each.fulfilled.value * each.fulfilled.n)
            values = [1.0] * met + [0.0] * (each.fulfilled.n - met)
            sorted_.setdefault(each.category, {}).setdefault(each.task, []).extend(values)
    return {
        category: over_tasks([*tasks.values()], is_share=True)
        for category, tasks in sorted(sorted_.items())
    }


def _figures(key: Key, criterion: Mapping[str, Any], outcomes: Counter[str]) -> CriterionFigures:
    met, points = outcomes[Verdict.Outcome.MET], criterion["points"]
    n = outcomes.total() - outcomes[Verdict.Outcome.GRADER_ERROR]
    return CriterionFigures(
        agent=key[0],
        task=key[1],
        key=key[2],
        text=criterion["text"],
        category=criterion["category"],
        points=points,
        fulfilled=wilson(met if points > 0 else n - met, n),
        cannot_tell=outcomes[Verdict.Outcome.CANNOT_TELL],
        grader_errors=outcomes[Verdict.Outcome.GRADER_ERROR],
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
        .values(
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
