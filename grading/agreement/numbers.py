"""Agreement in figures: machines against people, people among themselves, repeats of a machine."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from grading.agreement.items import CLASSES, Item
from grading.criteria import Outcome
from grading.models import Verdict
from grading.statistics.agreement.confusion import Confusion, Rated, confusion
from grading.statistics.agreement.raters import Agreement, Unit, agreement

MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
COUNTED = (NOT_MET, MET)  # cannot_tell counts as not met, as it does in rewards


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One group of verdicts against people.

    two: met and not met, as rewards count; all: with cannot_tell as a class of its own. Items
    without a common word of people, or that the machine could not decide, are left out and counted.
    """

    name: str
    two: Confusion
    all: Confusion
    unresolved: int
    broken: int
    blind: int

    @property
    def n(self) -> int:
        return self.two.observed.n


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person's verdicts against those of the others on the same items."""

    name: str
    labels: int
    blind: int
    against: Confusion


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReport:
    """All of it. `judge` and `check` are None where no such verdict was looked at by people."""

    judge: Compared | None
    check: Compared | None
    by_judge: Sequence[Compared]
    by_check: Sequence[Compared]
    by_author: Sequence[Compared]
    people: Agreement
    rated_twice: int
    persons: Sequence[Person]
    items: int
    episodes: int


def report(items: Sequence[Item]) -> AgreementReport:
    """Sum up items that people decided."""
    judged = [item for item in items if item.source == Verdict.Source.JUDGE]
    checked = [item for item in items if item.source == Verdict.Source.CHECK]
    twice = [item for item in items if len(item.labels) >= 2]
    return AgreementReport(
        judge=_compared("all judges", judged) if judged else None,
        check=_compared("all checks", checked) if checked else None,
        by_judge=_by(judged, lambda item: item.judge),
        by_check=_by([*judged, *checked], lambda item: item.check),
        by_author=_by([*judged, *checked], lambda item: item.author),
        people=agreement([_unit(item) for item in twice], CLASSES),
        rated_twice=len(twice),
        persons=_persons(items),
        items=len(items),
        episodes=len({item.rollout for item in items}),
    )


def counted(outcome: Outcome) -> Outcome:
    return MET if outcome == MET else NOT_MET


def _by(items: Iterable[Item], of: Callable[[Item], str]) -> list[Compared]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if name := of(item):
            groups[name].append(item)
    return [_compared(name, group) for name, group in sorted(groups.items())]


def _compared(name: str, items: Sequence[Item]) -> Compared:
    usable = [
        (item.rollout, item.truth, item.machine)
        for item in items
        if item.truth is not None and item.machine is not None
    ]
    two = [Rated(episode=e, truth=counted(t), rated=counted(m)) for e, t, m in usable]
    whole = [Rated(episode=e, truth=t, rated=m) for e, t, m in usable]
    return Compared(
        name=name,
        two=confusion(two, COUNTED),
        all=confusion(whole, CLASSES),
        unresolved=sum(item.truth is None for item in items),
        broken=sum(item.is_broken for item in items),
        blind=sum(any(label.is_blind for label in item.labels) for item in items),
    )


def _unit(item: Item) -> Unit:
    return Unit(episode=item.rollout, ratings=tuple(label.outcome for label in item.labels))


def _persons(items: Iterable[Item]) -> list[Person]:
    """Compare each person with every other one who decided the same."""
    pairs: dict[str, list[Rated]] = defaultdict(list)
    labels: dict[str, list[bool]] = defaultdict(list)
    for item in items:
        for label in item.labels:
            labels[label.person].append(label.is_blind)
            others = (other for other in item.labels if other.person != label.person)
            pairs[label.person] += [
                Rated(
                    episode=item.rollout,
                    truth=counted(other.outcome),
                    rated=counted(label.outcome),
                )
                for other in others
            ]
    return [
        Person(
            name=name,
            labels=len(given),
            blind=sum(given),
            against=confusion(pairs[name], COUNTED),
        )
        for name, given in sorted(labels.items())
    ]
