"""Two gradings of a run beside each other: pairs of assessments, and of verdicts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import (
    Avg,
    Case,
    Count,
    F,
    FilteredRelation,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from grading.criteria import Criterion
from grading.models import Assessment, Grading, Rollout, Run
from grading.regrading.measures import contents_of
from grading.verdicts import standing
from simulation.text import clean_text

# The effective verdicts of both gradings, paired by rollout and criterion. What `effective` says of
# one assessment (grading/verdicts.py) is said here of many; a test holds them together.
_PAIRS = """
WITH effective AS (
    SELECT DISTINCT ON (verdict.assessment_id, verdict.criterion_key)
        assessment.grading_id, assessment.rollout_id, verdict.criterion_key, verdict.outcome
    FROM grading_verdict verdict
    JOIN grading_assessment assessment ON assessment.id = verdict.assessment_id
    WHERE assessment.grading_id IN (%s, %s)
      AND assessment.rollout_id IN ({rollouts})
      AND (verdict.source <> 'human' OR verdict.is_authoritative)
      AND NOT EXISTS (SELECT 1 FROM grading_withdrawal w WHERE w.verdict_id = verdict.id)
    ORDER BY verdict.assessment_id, verdict.criterion_key,
             (verdict.source = 'human') DESC, verdict.round DESC, verdict.id DESC
)
SELECT rollout.subject, criterion_key, coalesce(a.outcome, ''), coalesce(b.outcome, ''), count(*),
       coalesce(array_agg(rollout_id) FILTER (WHERE a.outcome IS DISTINCT FROM b.outcome), '{{}}')
FROM (SELECT * FROM effective WHERE grading_id = %s) a
FULL JOIN (SELECT * FROM effective WHERE grading_id = %s) b USING (rollout_id, criterion_key)
JOIN grading_rollout rollout ON rollout.id = rollout_id
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


class Change(models.TextChoices):
    """What two gradings make of one rollout, in the order in which people look at it."""

    UP = "up", "now passes"
    DOWN = "down", "no longer passes"
    REWARD = "reward", "reward changed"
    CRITERIA = "criteria", "verdicts changed"
    OPEN = "open", "not comparable"
    SAME = "same", "the same"


FLIPS = (Change.UP, Change.DOWN)
FILTERS = ("agent", "task", "criterion", "change")
Filters = Mapping[str, str]


@dataclass(frozen=True)
class Tally:
    """So many rollouts of a subject got these two outcomes by a criterion ("" for none).

    rollouts: those of them whose outcomes differ.
    """

    subject: str
    key: str
    before: str
    after: str
    count: int
    rollouts: frozenset[int]


@dataclass(frozen=True)
class Headline:
    """Both gradings on the same rollouts: those that both decided completely."""

    n: int
    passed: tuple[int, int]
    mean: tuple[float | None, float | None]
    changes: Mapping[str, int]


@dataclass(frozen=True)
class Pair:
    """A criterion of a subject in both rubrics; None where a rubric has none of the key."""

    subject: str
    key: str
    before: Criterion | None
    after: Criterion | None

    @property
    def is_same(self) -> bool:
        return bool(self.before and self.after and self.before.hash == self.after.hash)

    @property
    def state(self) -> str:
        """Name what became of it: same, rewritten, new or gone."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        return "same" if self.is_same else "rewritten"


@dataclass(frozen=True)
class Comparison:
    """Two gradings on the rollouts that both have.

    every: all of them; shown: those that the filters leave, with their change; found and pairs:
    the criteria of those of the chosen agent and task.
    """

    a: Grading
    b: Grading
    every: "QuerySet[Any]"
    shown: "QuerySet[Any]"
    found: Sequence[Tally]
    pairs: Sequence[Pair]
    head: Headline


def compare(run: Run, a: Grading, b: Grading, filters: Filters) -> Comparison:
    """filters: FILTERS, "" for all. Four queries, and those of who reads the rollouts."""
    every = in_both(run, a, b)
    filters = {name: clean_text(value)[0] for name, value in filters.items()}
    chosen = _narrow(every, filters)
    found = tallies(chosen, a, b)
    changed = with_change(chosen, found)
    shown = _shown(changed, found, filters).select_related("episode")
    return Comparison(a, b, every, shown, found, criteria_pairs(chosen), headline(changed))


def both_assessments(
    rollouts: Iterable[int], a: Grading, b: Grading
) -> dict[tuple[int, int], Assessment]:
    """Give the assessments of rollouts by (rollout, grading), with the verdicts that stand."""
    found = Assessment.objects.filter(rollout__in=list(rollouts), grading__in=[a, b])
    with_words = found.prefetch_related(
        Prefetch("verdicts", standing().select_related("author", "copy_of"))
    )
    return {(each.rollout_id, each.grading_id): each for each in with_words}


def tallies(rollouts: "QuerySet[Rollout]", a: Grading, b: Grading) -> list[Tally]:
    """Count the outcomes of every criterion in both gradings, in one query.

    rollouts: those that both have an assessment of.
    """
    inner, params = rollouts.order_by().values("pk").query.sql_with_params()
    sql = _PAIRS.format(rollouts=inner)
    with connection.cursor() as cursor:
        cursor.execute(sql, [a.pk, b.pk, *params, a.pk, b.pk])
        rows = cursor.fetchall()
    return [Tally(s, k, old, new, n, frozenset(ids)) for s, k, old, new, n, ids in rows]


def in_both(run: Run, a: Grading, b: Grading) -> "QuerySet[Any]":
    """Find what a run shows of what both gradings have an assessment of: `first` and `second`."""
    return (
        Rollout.objects.shown_in(run)
        .annotate(
            first=FilteredRelation("assessments", condition=Q(assessments__grading=a.pk)),
            second=FilteredRelation("assessments", condition=Q(assessments__grading=b.pk)),
        )
        .filter(first__isnull=False, second__isnull=False)
    )


def with_change(rollouts: "QuerySet[Any]", found: Iterable[Tally]) -> "QuerySet[Any]":
    """Annotate `change` (a Change), and put what people look at first first."""
    differing = {pk for tally in found for pk in tally.rollouts}
    both = Q(first__status="graded", second__status="graded")
    change = Case(
        When(~both, then=Value(Change.OPEN)),
        When(first__passed=False, second__passed=True, then=Value(Change.UP)),
        When(first__passed=True, second__passed=False, then=Value(Change.DOWN)),
        When(~Q(first__reward=F("second__reward")), then=Value(Change.REWARD)),
        When(pk__in=differing, then=Value(Change.CRITERIA)),
        default=Value(Change.SAME),
        output_field=models.CharField(),
    )
    rank = Case(
        *[When(change=each, then=Value(n)) for n, each in enumerate(Change)],
        output_field=models.IntegerField(),
    )
    changed: QuerySet[Any] = rollouts.annotate(change=change).annotate(rank=rank)
    return changed.order_by("rank", "subject", "agent", "index", "pk")


def headline(rollouts: "QuerySet[Any]") -> Headline:
    """rollouts: with their change."""
    both = ~Q(change=Change.OPEN)
    found = rollouts.order_by().aggregate(
        n=Count("pk", filter=both),
        passed_a=Count("pk", filter=both & Q(first__passed=True)),
        passed_b=Count("pk", filter=both & Q(second__passed=True)),
        mean_a=Avg("first__reward", filter=both),
        mean_b=Avg("second__reward", filter=both),
        **{f"n_{each.value}": Count("pk", filter=Q(change=each)) for each in Change},
    )
    return Headline(
        found["n"],
        (found["passed_a"], found["passed_b"]),
        (found["mean_a"], found["mean_b"]),
        {each.value: found[f"n_{each.value}"] for each in Change},
    )


def criteria_pairs(rollouts: "QuerySet[Any]") -> list[Pair]:
    """Pair the criteria of both rubrics by subject and key, in two queries.

    rollouts: those that both gradings have an assessment of. In the order of the newer rubric, what
    only the older has comes last.
    """
    rows = rollouts.order_by().values_list("subject", "first__rubric", "second__rubric").distinct()
    rubrics = {subject: (old, new) for subject, old, new in sorted(rows)}
    contents = contents_of(pk for pair in rubrics.values() for pk in pair)
    pairs: list[Pair] = []
    for subject, (old, new) in rubrics.items():
        pairs += _paired(subject, contents[old].criteria, contents[new].criteria)
    return pairs


def _paired(
    subject: str, before: Sequence[Criterion], after: Sequence[Criterion]
) -> Iterable[Pair]:
    old, new = ({c.key: c for c in criteria} for criteria in (before, after))
    keys = [*new, *(key for key in old if key not in new)]
    return [Pair(subject, key, old.get(key), new.get(key)) for key in keys]


def _narrow(rollouts: "QuerySet[Any]", filters: Filters) -> "QuerySet[Any]":
    for name, field in (("agent", "agent"), ("task", "subject")):
        if value := filters.get(name):
            rollouts = rollouts.filter(**{field: value})
    return rollouts


def _shown(rollouts: "QuerySet[Any]", found: Iterable[Tally], filters: Filters) -> "QuerySet[Any]":
    """Narrow to a kind of change and to one criterion's changes; alone, leave out what is equal."""
    if key := filters.get("criterion"):
        moved = {pk for tally in found if tally.key == key for pk in tally.rollouts}
        rollouts = rollouts.filter(pk__in=moved)
    change = filters.get("change", "")
    return rollouts.filter(change=change) if change else rollouts.exclude(change=Change.SAME)
