"""How often a machine flips when it grades the same episode again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, F, OuterRef, Q

from grading.agreement.items import CLASSES, MACHINES, Scope, counting_rollouts
from grading.criteria import Criterion, Outcome
from grading.models import Assessment, Grading, Rubric, Verdict
from grading.statistics.agreement.raters import Agreement, Unit, agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """How often two gradings of the same thing differ, for one kind of check; `n` things."""

    name: str
    n: int
    flipped: int
    agreement: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A criterion of a rollout with the outcomes of all its gradings by the same grader."""

    rollout: int
    criterion: Criterion
    outcomes: tuple[Outcome, ...]

    @property
    def is_flipped(self) -> bool:
        return len(set(self.outcomes)) > 1


def flips(repeated: Sequence[Repeated]) -> list[Flips]:
    """Sum up by kind of check."""
    kinds: dict[str, list[Repeated]] = defaultdict(list)
    for each in repeated:
        kinds[each.criterion.kind].append(each)
    return [
        Flips(
            name=kind,
            n=len(group),
            flipped=sum(each.is_flipped for each in group),
            agreement=agreement(
                [Unit(episode=e.rollout, ratings=e.outcomes) for e in group], CLASSES
            ),
        )
        for kind, group in sorted(kinds.items())
    ]


def read_repeated(user: User | AnonymousUser, scope: Scope) -> list[Repeated]:
    """Give what was graded again with the same rubric and judge, in three queries.

    A verdict that was only used again says nothing and is left out; so is a grader error.
    """
    assessments = _assessments(user, scope)
    rubrics = Rubric.objects.in_bulk(set(assessments.values()))
    criteria = {pk: {c.key: c for c in rubric.value.criteria} for pk, rubric in rubrics.items()}
    outcomes = _outcomes(assessments)
    return [
        Repeated(rollout=rollout, criterion=criteria[rubric][key], outcomes=tuple(found))
        for (rollout, rubric, key), found in outcomes.items()
        if len(found) >= 2
    ]


def _assessments(user: User | AnonymousUser, scope: Scope) -> Mapping[int, str]:
    """Name the official assessments that were repeated, and their repeats, with their rubric."""
    again = Assessment.objects.filter(
        rollout=OuterRef("rollout"),
        rubric=OuterRef("rubric"),
        grading__purpose=Grading.Purpose.REPEAT,
    )
    official = Q(grading=F("rollout__run__official"))
    repeat = Q(grading__purpose=Grading.Purpose.REPEAT)
    found = Assessment.objects.filter(
        official | repeat, rollout__in=counting_rollouts(user, scope)
    ).filter(Exists(again))
    same_judge = Q(grading__judge=F("rollout__run__official__judge")) | Q(
        grading__judge=None, rollout__run__official__judge=None
    )
    return dict(found.filter(same_judge).values_list("pk", "rubric_id"))


def _outcomes(
    assessments: Mapping[int, str],
) -> Mapping[tuple[int, str, str], list[Outcome]]:
    verdicts = Verdict.objects.filter(
        assessment__in=list(assessments), source__in=MACHINES, copy_of=None
    ).exclude(outcome=Outcome.GRADER_ERROR)
    rows = verdicts.order_by("assessment_id", "round").values_list(
        "assessment__rollout_id", "assessment_id", "criterion_key", "outcome"
    )
    last = {(rollout, pk, key): Outcome(outcome) for rollout, pk, key, outcome in rows}
    outcomes: dict[tuple[int, str, str], list[Outcome]] = defaultdict(list)
    for (rollout, pk, key), outcome in last.items():
        outcomes[rollout, assessments[pk], key].append(outcome)
    return outcomes
