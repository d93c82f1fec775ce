"""Measuring a rubric: every mutant of the reference is played in a clone and graded.

Mutants are taken evenly from all kinds, always the same ones. One that ends as the reference does
is none (`same`), one that ends as another mutant does says nothing new (`repeated`).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from authoring.content import TaskContent
from authoring.mutants import KINDS, Mutant
from authoring.mutants.differences import Difference, difference
from authoring.mutants.playing import Played, play_solution
from authoring.mutants.subject import Subject, subject_of
from grading.criteria import Criterion, Outcome
from grading.graders import GRADERS, Evidence, Finding
from grading.verdicts import grade
from simulation.calls import ToolCrashed
from simulation.errors import Conflict

MOST = 200  # mutants of a task

Decide = Callable[[Sequence[Criterion], Evidence], Mapping[str, Finding]]
Progress = Callable[[int, int], bool]


class Fate(StrEnum):
    """What became of a mutant. Undecided: no rule failed it, and not every criterion is a rule."""

    KILLED = "killed"
    SURVIVED = "survived"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Result:
    """One mutant as it was graded: which criteria failed it, which could not say."""

    id: str
    kind: str
    hash: str
    sentence: str
    fate: Fate
    failed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    difference: Difference | None = None


@dataclass
class Strength:
    """What the mutants of a task show. `found`: how many there were, of which `looked_at` were
    played."""

    found: int
    looked_at: int = 0
    same: int = 0
    repeated: int = 0
    crashed: int = 0
    results: list[Result] = field(default_factory=list)
    criteria: tuple[str, ...] = ()


class Cancelled(Exception):
    """Somebody does not want to know any more."""


def measure(
    content: TaskContent,
    *,
    decide: Decide | None = None,
    progress: Progress = lambda done, total: True,
) -> Strength:
    """Play and grade the mutants of a task's reference.

    decide: gives findings for criteria of the kinds judge and human; without it they stay open.
    progress: is told after each mutant; when it gives False the measuring ends with Cancelled.
    Raises GymError for content that does not fit its world, and Conflict when the reference itself
    fails.
    """
    subject = subject_of(content)
    _check_reference(subject, decide)
    mutants = mutants_of(subject)
    strength = Strength(len(mutants), criteria=tuple(c.key for c in content.rubric.criteria))
    known = {_end(subject, subject.played)}
    total = min(MOST, len(mutants))
    for mutant in mutants:
        if len(strength.results) == MOST:
            break
        strength.looked_at += 1
        _look_at(subject, mutant, strength, known, decide)
        if not progress(len(strength.results), total):
            raise Cancelled
    return strength


def mutants_of(subject: Subject) -> list[Mutant]:
    """Give all mutants, each solution once, evenly over the kinds: one of each, then the next."""
    seen: set[str] = set()
    kinds = [_shuffled(_of_kind(name, subject, seen)) for name in KINDS]
    return [mutant for turn in zip_longest(*kinds) for mutant in turn if mutant is not None]


def _of_kind(name: str, subject: Subject, seen: set[str]) -> Iterator[Mutant]:
    for mutation in KINDS[name](subject):
        mutant = Mutant(name, mutation.sentence, tuple(mutation.steps), subject.content.world)
        if mutant.hash not in seen:
            seen.add(mutant.hash)
            yield mutant


def _shuffled(mutants: Iterator[Mutant]) -> list[Mutant]:
    """Order mutants by chance that is always the same."""
    return sorted(mutants, key=lambda mutant: hashlib.sha256(mutant.id.encode()).hexdigest())


def _look_at(
    subject: Subject,
    mutant: Mutant,
    strength: Strength,
    known: set[Any],
    decide: Decide | None,
) -> None:
    try:
        played = play_solution(subject.stage, mutant.steps)
    except ToolCrashed:
        strength.crashed += 1
        return
    end = _end(subject, played)
    if end in known:
        is_same = end == _end(subject, subject.played)
        strength.same += is_same
        strength.repeated += not is_same
        return
    known.add(end)
    strength.results.append(_judged(subject, mutant, played, decide))


def _end(subject: Subject, played: Played) -> Any:
    """Give all of an end that a criterion may look at."""
    looked_at = subject.tools_looked_at
    calls = [
        (call.tool, call.arguments_raw, call.is_error)
        for call in played.calls
        if call.tool in looked_at
    ]
    writes = [
        (change.entity_type, change.id, tuple(name for name, *_ in change.fields))
        for change in (played.evidence.world.changes if subject.is_order_looked_at else ())
    ]
    return played.state_hash, played.answer, tuple(calls), tuple(writes)


def _judged(subject: Subject, mutant: Mutant, played: Played, decide: Decide | None) -> Result:
    failed, undecided = _graded(subject.content.rubric.criteria, played.evidence, decide)
    fate = Fate.KILLED if failed else Fate.UNDECIDED if undecided else Fate.SURVIVED
    detail = None if failed else difference(subject, played)
    return Result(
        mutant.id, mutant.kind, mutant.hash, mutant.sentence, fate, failed, undecided, detail
    )


def _graded(
    criteria: Sequence[Criterion], evidence: Evidence, decide: Decide | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the criteria that fail the mutant and those that nobody decided."""
    rules = [criterion for criterion in criteria if _is_rule(criterion)]
    others = [criterion for criterion in criteria if not _is_rule(criterion)]
    findings: dict[str, Finding] = dict(grade(rules, evidence))
    if decide and others and not _failing(rules, findings):
        findings |= decide(others, evidence)
    failed = _failing(criteria, findings)
    undecided = tuple(c.key for c in criteria if not _is_decided(findings.get(c.key)))
    return failed, undecided


def _is_rule(criterion: Criterion) -> bool:
    return criterion.kind in GRADERS and GRADERS[criterion.kind].IS_DETERMINISTIC


def _failing(criteria: Sequence[Criterion], findings: Mapping[str, Finding]) -> tuple[str, ...]:
    decided = [(c, findings[c.key]) for c in criteria if _is_decided(findings.get(c.key))]
    return tuple(c.key for c, f in decided if (f.outcome == Outcome.MET) != (c.points > 0))


def _is_decided(finding: Finding | None) -> bool:
    return finding is not None and finding.outcome != Outcome.GRADER_ERROR


def _check_reference(subject: Subject, decide: Decide | None) -> None:
    criteria = subject.content.rubric.criteria
    failed, _ = _graded(criteria, subject.played.evidence, decide)
    if failed:
        raise Conflict(
            f"the reference itself fails {', '.join(failed)}: mutants of it would show nothing"
        )
