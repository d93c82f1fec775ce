"""What people have decided goes along where the criterion is still the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from grading.criteria import Criterion
from grading.models import Assessment, Grading, Verdict
from grading.regrading.measures import contents_of
from grading.verdicts import standing
from simulation.inserts import insert_rows

OWN = (
    "id",
    "assessment",
    "copy_of",
    "round",
    "created_at",
)  # of a copy; the rest is as it was said


@dataclass(frozen=True)
class Luggage:
    """Verdicts of people that go along to a new grading, and how many stay behind."""

    verdicts: Sequence[Verdict]
    left: int


def pack(source: Grading, rubrics: Mapping[int, str], *, purpose: str) -> Luggage:
    """Find which standing verdicts of people go along, in two queries.

    rubrics: by rollout, those of the new grading. A repeated grading asks judges anew, so it takes
    along only what a person alone decides.
    """
    said = [v for v in people_said(source) if v.assessment.rollout_id in rubrics]
    measured_by = {v.pk: rubrics[v.assessment.rollout_id] for v in said}
    criteria = _criteria({*measured_by.values(), *(v.assessment.rubric_id for v in said)})
    going = []
    for verdict in said:
        before = criteria[verdict.assessment.rubric_id].get(verdict.criterion_key)
        after = criteria[measured_by[verdict.pk]].get(verdict.criterion_key)
        if _is_same(before, after) and _may_go_along(after, purpose):
            going.append(verdict)
    return Luggage(going, len(said) - len(going))


def unpack(luggage: Luggage, assessments: Sequence[Assessment]) -> None:
    """Copy verdicts to new assessments: author and words stay, `copy_of` names the first."""
    targets = {assessment.rollout_id: assessment for assessment in assessments}
    insert_rows([_copy(v, targets[v.assessment.rollout_id]) for v in luggage.verdicts])


def people_said(grading: Grading) -> "QuerySet[Verdict]":
    """Find what people decided in a grading and did not take back, oldest first."""
    said = standing().filter(assessment__grading=grading, source=Verdict.Source.HUMAN)
    return said.select_related("assessment").order_by("pk")


def first_of(verdict: Verdict) -> int:
    """Name the verdict that this one is a copy of, or itself."""
    return verdict.copy_of_id or verdict.pk


def _criteria(rubrics: Iterable[str]) -> dict[str, dict[str, Criterion]]:
    contents = contents_of(rubrics)
    return {pk: {c.key: c for c in rubric.criteria} for pk, rubric in contents.items()}


def _is_same(before: Criterion | None, after: Criterion | None) -> bool:
    return bool(before and after and before.hash == after.hash)


def _may_go_along(criterion: Criterion | None, purpose: str) -> bool:
    return purpose != Grading.Purpose.REPEAT or bool(criterion and criterion.kind == "human")


def _copy(verdict: Verdict, target: Assessment) -> Verdict:
    fields = Verdict._meta.concrete_fields
    kept = {f.attname: getattr(verdict, f.attname) for f in fields if f.name not in OWN}
    return Verdict(assessment=target, copy_of_id=first_of(verdict), **kept)


def left_behind(grading: Grading, source: Grading, shown: Iterable[Q] = ()) -> list[Verdict]:
    """Give what people had said in `source` when a grading was asked for and it did not take along.

    With rollout and author, oldest first. shown: what keeps those that a person may see.
    """
    taken = people_said(grading).exclude(copy_of=None).values_list("copy_of", flat=True)
    said = people_said(source).filter(
        *shown,
        created_at__lte=grading.created_at,
        assessment__rollout__assessments__grading=grading,
    )
    carried = set(taken)
    with_all = said.select_related("assessment__rollout", "author")
    return [verdict for verdict in with_all if first_of(verdict) not in carried]
