"""What rollouts are measured by when they are graded again, and whether it fits them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from grading.criteria import RubricContent
from grading.models import Assessment, Grading, Rubric
from grading.runs import store_rubrics
from simulation.errors import Conflict, Problems
from simulation.text import canonical, clean_json, without_nulls
from simulation.wording import counted

LONGEST = 200  # characters of the words for where rubrics are from


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A rubric, with the world and the setup that its expected values are bound to.

    world: SLUG@VERSION; setup: its hash; name: where the rubric is from, such as "sell-lamps@4".
    """

    rubric: RubricContent
    world: str
    setup: str
    name: str


Measures = Mapping[str, Measure | None]  # by subject or task; None: by the rubric of the launch


def setup_hash(setup: Iterable[Any]) -> str:
    return hashlib.sha256(canonical(without_nulls(clean_json(list(setup))))).hexdigest()


def measure_of(measures: Measures, subject: str) -> Measure | None:
    """Find what a subject is measured by. Raises KeyError where nothing is said of it."""
    return measures[subject if subject in measures else subject.partition("@")[0]]


def rubrics_of(
    rollouts: "QuerySet[Any]", measures: Measures | None, *, like: Grading
) -> dict[int, str]:
    """Give the hash of the rubric of each rollout, by primary key; rubrics are stored.

    like: the grading whose rubrics are taken where `measures` give none.
    """
    if measures is not None:
        check_comparable(rollouts, measures)
    subjects = dict(rollouts.values_list("pk", "subject"))
    given = _given(set(subjects.values()), measures or {})
    if len(given) == len(set(subjects.values())):
        return {pk: given[subject] for pk, subject in subjects.items()}
    return _with_known(subjects, given, like)


def check_comparable(rollouts: "QuerySet[Any]", measures: Measures) -> None:
    """Raises Problems that name every task without a rubric, and every rubric that was bound to
    another world or setup than the episodes have.
    """
    problems = [
        problem
        for subject, world, setup in worlds_of(rollouts)
        if (problem := _misfit(measures, subject, world, setup))
    ]
    if problems:
        raise Problems(sorted(set(problems)))


def worlds_of(rollouts: "QuerySet[Any]") -> list[tuple[str, str, str]]:
    """Give (subject, world, hash of the setup) of rollouts, each once."""
    found = (
        rollouts.order_by()
        .values_list(
            "subject", "episode__world__slug", "episode__world__version", "episode__spec__setup"
        )
        .distinct()
    )
    return [(subject, f"{slug}@{v}", setup_hash(setup or ())) for subject, slug, v, setup in found]


def misfit(measure: Measure, world: str, setup: str) -> str:
    """Say why a measure does not fit episodes of a world and setup, "" where it does."""
    if measure.world != world:
        return (
            f"{measure.name} is written for {measure.world} and the episodes played in {world}: "
            "expected values differ between worlds"
        )
    if measure.setup != setup:
        return f"{measure.name} has another setup than the episodes started from"
    return ""


def words_for(measures: Measures | None, like: Grading) -> str:
    """Say where rubrics are from: "as launched", "sell-lamps@4, buy-chairs@2 and 3 more"."""
    launched = "as launched" if like.number == 1 else f"as in grading {like.number}"
    if measures is None:
        return launched
    names = sorted({m.name for m in measures.values() if m})
    if not names:
        return launched
    if None in measures.values():
        names.append(f"others {launched}")
    return _shortened(names)


def _shortened(names: Sequence[str]) -> str:
    for shown in range(len(names), 0, -1):
        hidden = len(names) - shown
        text = ", ".join(names[:shown]) + (f" and {hidden} more" if hidden else "")
        if len(text) <= LONGEST:
            return text
    return counted(len(names), "rubric")


def _misfit(measures: Measures, subject: str, world: str, setup: str) -> str:
    try:
        measure = measure_of(measures, subject)
    except KeyError:
        return f"{subject}: no rubric is given for it"
    reason = misfit(measure, world, setup) if measure else ""
    return f"{subject}: {reason}" if reason else ""


def _given(subjects: Iterable[str], measures: Measures) -> dict[str, str]:
    """Store the rubrics that measures give; gives their hashes by subject."""
    found = {s: measure_of(measures, s) for s in subjects} if measures else {}
    rubrics = {subject: measure.rubric for subject, measure in found.items() if measure}
    return dict(zip(rubrics, store_rubrics(list(rubrics.values())), strict=True))


def _with_known(
    subjects: Mapping[int, str], given: Mapping[str, str], like: Grading
) -> dict[int, str]:
    """Fill what measures leave open with the rubrics of another grading.

    A rollout that has none there is measured as the others of its subject.
    """
    rows = Assessment.objects.filter(grading=like).values_list(
        "rollout_id", "rollout__subject", "rubric_id"
    )
    own: dict[int, str] = {}
    of_subject: dict[str, str] = {}
    for rollout, subject, rubric in rows:
        own[rollout] = of_subject[subject] = rubric
    hashes = {
        pk: given.get(subject) or own.get(pk) or of_subject.get(subject, "")
        for pk, subject in subjects.items()
    }
    if missing := sorted({subjects[pk] for pk, rubric in hashes.items() if not rubric}):
        raise Conflict(f"grading {like.number} has no rubric for {missing[0]}")
    return hashes


def contents_of(hashes: Iterable[str]) -> dict[str, RubricContent]:
    """Read rubrics by hash, in one query."""
    return {pk: rubric.value for pk, rubric in Rubric.objects.in_bulk(set(hashes)).items()}
