"""Bringing people's verdicts in: all or nothing, and twice is once."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q

from grading.agreement.lines import NAMED, LabelLine
from grading.criteria import Criterion
from grading.models import Assessment, LabelImport, Rollout, Rubric, Verdict
from grading.verdicts import DECIDED, settle, standing
from simulation.errors import Problems
from simulation.roles import ADMIN, ANALYST, INSPECTORS, has_role

Who = tuple[int, str, str]  # assessment, criterion, username
What = tuple[str, str, bool]  # outcome, reason, whether it is the last word


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPlan:
    """What a file would do: verdicts to be made, and how many are there already."""

    new: Sequence[tuple[Assessment, User, LabelLine]]
    known: int

    @property
    def people(self) -> list[str]:
        return sorted({author.get_username() for _, author, _ in self.new})


def plan_labels(numbered: Mapping[int, LabelLine], actor: User) -> LabelPlan:
    """Check lines against what is stored. Raises Problems that name every line that does not fit.

    Labels go to the official grading of their run. Only analysts and admins bring in verdicts of
    others.
    """
    lines = list(numbered.values())
    assessments = _assessments(lines, actor)
    rubrics = Rubric.objects.in_bulk({a.rubric_id for a in assessments.values()})
    criteria = {pk: {c.key: c for c in rubric.value.criteria} for pk, rubric in rubrics.items()}
    authors = {user.get_username(): user for user in _authors(lines)} | {"": actor}
    fits = _Fits(assessments, criteria, authors, _trusted(authors.values()), actor)
    problems = [line for number, each in numbered.items() for line in fits.against(number, each)]
    if problems:
        raise Problems(problems[:NAMED])
    given = _given(assessments.values())
    planned = [(assessments[line.rollout], authors[line.author], line) for line in lines]
    new = {_said(*each): each for each in planned if not _is_known(given, *each)}
    return LabelPlan(new=list(new.values()), known=len(planned) - len(new))


@transaction.atomic
def import_labels(
    lines: Mapping[int, LabelLine], *, actor: User, name: str, data: bytes
) -> LabelImport:
    """Store what is new and write rewards anew where a last word came in.

    Raises Problems, and then nothing is stored.
    """
    rollouts = {line.rollout for line in lines.values()}
    locked = Assessment.objects.filter(rollout__in=rollouts).order_by("pk")
    list(locked.select_for_update().values_list("pk", flat=True))
    plan = plan_labels(lines, actor)
    made = LabelImport.objects.create(
        actor=actor,
        name=name[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        lines=len(lines),
        made=len(plan.new),
    )
    Verdict.objects.bulk_create(_verdict(made, *each) for each in plan.new)
    moved = {assessment.pk for assessment, _, line in plan.new if line.is_authoritative}
    for pk in sorted(moved):
        settle(pk)
    return made


@dataclass(frozen=True, slots=True)
class _Fits:
    """What lines are held against."""

    assessments: Mapping[int, Assessment]
    criteria: Mapping[str, Mapping[str, Criterion]]
    authors: Mapping[str, User]
    trusted: Collection[int]
    actor: User

    def against(self, number: int, line: LabelLine) -> Iterator[str]:
        """Say what stands against a line."""
        place = f"line {number}"
        assessment = self.assessments.get(line.rollout)
        if assessment is None:
            yield f"{place}: rollout {line.rollout} is not there, or not yours to see"
            return
        if assessment.status not in DECIDED:
            yield f"{place}: rollout {line.rollout} is {assessment.status}: it is not graded yet"
        yield from self._criterion(place, assessment, line)
        yield from self._author(place, line)

    def _criterion(self, place: str, assessment: Assessment, line: LabelLine) -> Iterator[str]:
        known = self.criteria[assessment.rubric_id]
        criterion = known.get(line.criterion)
        if criterion is None:
            yield f"{place}: criterion {line.criterion!r}: the rubric has {', '.join(known)}"
        elif line.criterion_hash not in ("", criterion.hash):
            yield f"{place}: criterion {line.criterion!r} says something else now than it did then"

    def _author(self, place: str, line: LabelLine) -> Iterator[str]:
        author = self.authors.get(line.author)
        if author is None:
            yield f"{place}: author {line.author!r}: there is no such person here"
            return
        if author != self.actor and not has_role(self.actor, ANALYST, ADMIN):
            yield f"{place}: {line.author!r}: only analysts and admins bring in others' labels"
        if line.is_authoritative and author.pk not in self.trusted:
            yield f"{place}: {author} may not have the last word: a reviewer, analyst or admin may"


def _assessments(lines: Sequence[LabelLine], actor: User) -> Mapping[int, Assessment]:
    named = {line.rollout for line in lines}
    seen = Rollout.objects.visible_to(actor).filter(pk__in=named)
    official = Assessment.objects.filter(rollout__in=seen, grading=F("rollout__run__official"))
    return {assessment.rollout_id: assessment for assessment in official}


def _authors(lines: Sequence[LabelLine]) -> Sequence[User]:
    names = {line.author for line in lines} - {""}
    return list(User.objects.filter(username__in=names, is_active=True))


def _trusted(people: Iterable[User]) -> Collection[int]:
    """Name those who may have the last word, by one query."""
    may = Q(groups__name__in=INSPECTORS) | Q(is_superuser=True)
    found = User.objects.filter(may, pk__in=[person.pk for person in people])
    return frozenset(found.values_list("pk", flat=True))


def _given(
    assessments: Iterable[Assessment],
) -> Mapping[Who, What]:
    """Say what each person last said: outcome, reason and whether that is the last word."""
    human = standing().filter(
        source=Verdict.Source.HUMAN, assessment__in=[each.pk for each in assessments]
    )
    return {
        (v.assessment_id, v.criterion_key, v.author.get_username()): (
            v.outcome,
            v.rationale,
            v.is_authoritative,
        )
        for v in human.select_related("author").order_by("pk")
        if v.author
    }


def _is_known(
    given: Mapping[Who, What],
    assessment: Assessment,
    author: User,
    line: LabelLine,
) -> bool:
    who, what = _said(assessment, author, line)
    return given.get(who) == what


def _said(assessment: Assessment, author: User, line: LabelLine) -> tuple[Who, What]:
    who = assessment.pk, line.criterion, author.get_username()
    return who, (line.outcome, line.reason, line.is_authoritative)


def _verdict(made: LabelImport, assessment: Assessment, author: User, line: LabelLine) -> Verdict:
    return Verdict(
        assessment=assessment,
        criterion_key=line.criterion,
        outcome=line.outcome,
        source=Verdict.Source.HUMAN,
        author=author,
        rationale=line.reason,
        is_authoritative=line.is_authoritative,
        was_blind=line.is_blind,
        imported=made,
    )
