"""Criteria that can be made of what the reference changes, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authoring.content import DraftCriterion
from authoring.rubrics.coverage import ROW, Look, looks_of
from authoring.rubrics.field_checks import of_field
from authoring.rubrics.subjects import Subject, with_traits
from grading.graders import Evidence
from simulation.wording import shown, spoken

SHORT = 120  # characters of a value that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A criterion that one press of a button adds.

    token: names it in a form. label, before, after: what changes. is_whole: its check needs nothing
    more. covered: keys and numbers of criteria that look there already.
    """

    token: str
    label: str
    before: str
    after: str
    text: str
    check: Mapping[str, Any]
    is_whole: bool = True
    covered: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """One row that the reference changes, with its proposals."""

    title: str
    key: str
    word: str
    proposals: tuple[Proposal, ...]


def changed_rows(evidence: Evidence, criteria: Sequence[DraftCriterion]) -> Iterator[ChangedRow]:
    """Give what the reference changes, with what is covered already."""
    looks = [*looks_of(criteria)]
    for change in evidence.diff:
        subject = Subject(evidence, change.entity_type, change.after or change.before or {}, change)
        yield ChangedRow(
            title=subject.name,
            key=change.id,
            word=subject.word,
            proposals=tuple(_proposals(subject, looks)),
        )


def _proposals(subject: Subject, looks: Sequence[Look]) -> Iterator[Proposal]:
    change = subject.change
    if subject.is_made or subject.is_gone:
        yield _of_row(subject, looks)
    if change is None or subject.is_gone:
        return
    for name, before, after in change.fields:
        if name in subject.kind.stamps or name == "id":
            continue
        text, check, is_whole = of_field(subject, name)
        yield Proposal(
            token=f"{change.entity_type}:{change.id}:{name}",
            label=spoken(name),
            before="" if before is None else _short(before),
            after="" if after is None else _short(after),
            text=text,
            check=check,
            is_whole=is_whole,
            covered=tuple((look.key, look.number) for look in looks if look.covers(subject, name)),
        )


def _of_row(subject: Subject, looks: Sequence[Look]) -> Proposal:
    if subject.is_gone:
        text = f"{_capital(subject.name)} does not exist any more."
        check = {**subject.chosen(), "exists": False}
    else:
        count = len(subject.alike(subject.identity()))
        there = "is exactly one" if count == 1 else f"are exactly {count}"
        noun = subject.kind.label if count == 1 else subject.kind.label_plural
        text = f"There {there} {noun} more{with_traits(subject)}."
        check = {**subject.chosen(), "count": {"eq": count}}
    return Proposal(
        token=f"{subject.entity_type}:{subject.row['id']}:{ROW}",
        label="the row itself",
        before="",
        after="is there" if subject.is_made else "is not there any more",
        text=text,
        check=check,
        covered=tuple((look.key, look.number) for look in looks if look.covers(subject, ROW)),
    )


def _short(value: Any) -> str:
    text = shown(value) if not isinstance(value, Mapping | list) else _flat(value)
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{spoken(str(k))} {_flat(v)}" for k, v in value.items() if v is not None)
    return "; ".join(map(_flat, value)) if isinstance(value, list) else shown(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
