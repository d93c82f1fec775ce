"""What was judged more than once: a criterion of one rollout with everybody's outcome for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F, QuerySet

from grading.criteria import Criterion, Outcome
from grading.models import Assessment, Grading, Rollout, Rubric, Run, Verdict
from grading.verdicts import standing

CLASSES = (Outcome.NOT_MET, Outcome.CANNOT_TELL, Outcome.MET)  # from the lowest up
MACHINES = (Verdict.Source.CHECK, Verdict.Source.JUDGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which items are looked at; "" and None leave a side open.

    Without a run: the official gradings of all runs of that kind that a person may see.
    """

    run: int | None = None
    kind: str = ""
    source: str = ""
    judge: str = ""
    check: str = ""
    author: str = ""
    is_blind_only: bool = False

    def has(self, item: "Item") -> bool:
        sides = (
            (self.source, item.source),
            (self.judge, item.judge),
            (self.check, item.check),
            (self.author, item.author),
        )
        return all(wanted in ("", found) for wanted, found in sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One person's verdict on an item."""

    person: str
    outcome: Outcome
    is_blind: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A criterion in one rollout, with the machine's outcome and the people's.

    author: who wrote the task, "" where the rollout does not say. machine: None where nothing
    mechanical decided, or could. final: the last authoritative word, if there is one.
    """

    run: int
    rollout: int
    task: str
    criterion: Criterion
    author: str
    source: str
    judge: str
    machine: Outcome | None
    is_broken: bool = False
    labels: Sequence[Label] = field(default_factory=tuple)
    final: Outcome | None = None

    @property
    def check(self) -> str:
        return self.criterion.kind

    @property
    def truth(self) -> Outcome | None:
        """What people hold: the last authoritative word, else what they all say; None where they
        differ."""
        if self.final:
            return self.final
        said = {label.outcome for label in self.labels}
        return said.pop() if len(said) == 1 else None


def read_items(user: User | AnonymousUser, scope: Scope) -> list[Item]:
    """Give the items that at least one person decided, in four queries however many they are."""
    human = _human(user, scope)
    by_assessment: dict[int, list[Verdict]] = defaultdict(list)
    for verdict in human:
        by_assessment[verdict.assessment_id].append(verdict)
    assessments = _assessments(by_assessment)
    machines = _machines(by_assessment)
    rubrics = Rubric.objects.in_bulk({each.rubric_id for each in assessments.values()})
    criteria = {pk: {c.key: c for c in rubric.value.criteria} for pk, rubric in rubrics.items()}
    return [
        item
        for pk, verdicts in by_assessment.items()
        for item in _items(assessments[pk], verdicts, criteria[assessments[pk].rubric_id], machines)
        if scope.has(item)
    ]


def counting_runs(user: User | AnonymousUser, scope: Scope) -> QuerySet[Run]:
    """Give the runs in scope; without one, those whose numbers count."""
    runs: QuerySet[Run] = Run.objects.visible_to(user)
    if scope.run is not None:
        return runs.filter(pk=scope.run)
    kinds = [scope.kind] if scope.kind else list(Run.COUNTING)
    return runs.filter(kind__in=kinds)


def counting_rollouts(user: User | AnonymousUser, scope: Scope) -> QuerySet[Rollout]:
    """Give the rollouts of these runs, as far as the person sees them."""
    return Rollout.objects.visible_to(user).filter(run__in=counting_runs(user, scope))


def latest(verdicts: Iterable[Verdict]) -> dict[str, Verdict]:
    """Give each person's last standing verdict."""
    return {
        verdict.author.get_username(): verdict
        for verdict in sorted(verdicts, key=lambda v: v.pk)
        if verdict.author
    }


def _human(user: User | AnonymousUser, scope: Scope) -> QuerySet[Verdict]:
    verdicts = standing().filter(
        source=Verdict.Source.HUMAN,
        assessment__grading=F("assessment__rollout__run__official"),
        assessment__rollout__in=counting_rollouts(user, scope),
    )
    chosen: QuerySet[Verdict] = verdicts.select_related("author").order_by("pk")
    return chosen.filter(was_blind=True) if scope.is_blind_only else chosen


def _assessments(ids: Iterable[int]) -> Mapping[int, Assessment]:
    found = Assessment.objects.filter(pk__in=list(ids))
    return {a.pk: a for a in found.select_related("rollout", "grading__judge")}


def _machines(ids: Iterable[int]) -> Mapping[tuple[int, str], Verdict]:
    """Give the last verdict of check or judge, by assessment and criterion."""
    verdicts = Verdict.objects.filter(assessment__in=list(ids), source__in=MACHINES)
    ordered = verdicts.order_by("round", "pk").only(
        "assessment_id", "criterion_key", "outcome", "source", "round"
    )
    return {(v.assessment_id, v.criterion_key): v for v in ordered}


def _items(
    assessment: Assessment,
    verdicts: Sequence[Verdict],
    criteria: Mapping[str, Criterion],
    machines: Mapping[tuple[int, str], Verdict],
) -> Iterator[Item]:
    by_key: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_key[verdict.criterion_key].append(verdict)
    for key, human in by_key.items():
        machine = machines.get((assessment.pk, key))
        is_broken = machine is not None and machine.outcome == Outcome.GRADER_ERROR
        yield Item(
            run=assessment.rollout.run_id,
            rollout=assessment.rollout_id,
            task=assessment.rollout.task,
            criterion=criteria[key],
            author=str(assessment.rollout.labels.get("author", "")),
            source=machine.source if machine else "",
            judge=_judge(assessment.grading, machine),
            machine=Outcome(machine.outcome) if machine and not is_broken else None,
            is_broken=is_broken,
            labels=[*_labels(human)],
            final=_final(human),
        )


def _labels(verdicts: Sequence[Verdict]) -> Iterator[Label]:
    for person, verdict in latest(verdicts).items():
        yield Label(
            person=person,
            outcome=Outcome(verdict.outcome),
            is_blind=verdict.was_blind,
        )


def _final(verdicts: Sequence[Verdict]) -> Outcome | None:
    words = [verdict for verdict in verdicts if verdict.is_authoritative]
    return Outcome(max(words, key=lambda v: v.pk).outcome) if words else None


def _judge(grading: Grading, machine: Verdict | None) -> str:
    is_judged = machine is not None and machine.source == Verdict.Source.JUDGE
    return str(grading.judge) if is_judged and grading.judge else ""
