"""Criteria that can be made of what the reference changes, field by field.

A row that the reference makes is known by what identifies it, never by its id: another agent's row
gets another one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from authoring.content import DraftCriterion
from grading.expectations import Expectation, first_broken
from grading.expected import known
from grading.graders import Evidence, read_check
from grading.graders.response import ResponseCheck, Written
from grading.graders.state import StateCheck
from simulation.entities import EntityField, EntityType, Row
from simulation.errors import GymError
from simulation.paths import read_path, reference_at
from simulation.state import Change, WorldState
from simulation.titles import is_long, title_of
from simulation.wording import listed, shown, spoken, spoken_path

LONG = 80  # characters of a text that no criterion compares word by word
FEW = 6  # lines that one criterion expects
SHORT = 60  # characters of a text that identifies a row
ROW = "+"  # in the place of a field: the row itself


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
    looks = [*_looks(criteria)]
    for change in evidence.diff:
        subject = Subject(evidence, change.entity_type, change.after or change.before or {}, change)
        yield ChangedRow(
            title=subject.name,
            key=change.id,
            word=subject.word,
            proposals=tuple(_proposals(subject, looks)),
        )


@dataclass(frozen=True)
class Subject:
    """A row at the end of the reference, of which criteria are made."""

    evidence: Evidence
    entity_type: str
    row: Row
    change: Change | None = None

    @cached_property
    def kind(self) -> EntityType:
        return self.evidence.world.snapshot.entity_type(self.entity_type)

    @property
    def is_made(self) -> bool:
        return self.change is not None and self.change.before is None

    @property
    def is_gone(self) -> bool:
        return self.change is not None and self.change.after is None

    @property
    def word(self) -> str:
        return "created" if self.is_made else "deleted" if self.is_gone else "changed"

    @property
    def name(self) -> str:
        title = title_of(self.kind, self.row)
        own = f"new {self.kind.label}" if self.is_made else self.kind.label
        said = title if self.is_made else f"{self.row['id']}{f' ({title})' if title else ''}"
        return f"{own} {said}".strip()

    def chosen(self, but: str = "") -> dict[str, Any]:
        """Give the part of a check that chooses this row, without asking for one of its fields."""
        if not self.is_made:
            return {"kind": "state", "entity_type": self.entity_type, "id": self.row["id"]}
        lines = [{"path": each.path, "value": each.value} for each in self.identity(but)]
        where = {"where": lines} if lines else {}
        return {"kind": "state", "entity_type": self.entity_type, "created": True, **where}

    def identity(self, but: str = "") -> tuple["Trait", ...]:
        """Give what tells this row from the others that were made: as little as does so."""
        found: list[Trait] = []
        for trait in self._traits():
            if trait.path.partition(".")[0] != but:
                found.append(trait)
            if found and len(self.alike(found)) == 1:
                break
        return tuple(found[:3])

    def alike(self, traits: Sequence["Trait"]) -> list[Row]:
        """Give the rows that were made and have these traits as well."""
        world, made = self.evidence.world, self.evidence.made(self.entity_type)
        lines = [Expectation(path=each.path, value=each.value) for each in traits]
        return [row for row in made if not first_broken(world, self.entity_type, row, lines)]

    def _traits(self) -> Iterator["Trait"]:
        """Give the rows that it names, then its short texts."""
        world = self.evidence.world
        for path, target in self.kind.references:
            for value in _values(self.evidence, self.entity_type, path, self.row)[:1]:
                if not _is_made(self.evidence, target, value):
                    kind = world.entity_types[target]
                    yield Trait(path, value, f"{kind.label} {_named(kind, world, value)}")
        for field in self.kind.fields.values():
            value = self.row.get(field.name)
            is_text = isinstance(value, str) and len(value) <= SHORT
            is_own = not (field.target or field.choices or field.name in self.kind.stamps)
            if is_text and is_own and not _is_time(world.snapshot.company, self.entity_type, field):
                yield Trait(field.name, value, f"{spoken(field.name)} {value}")


@dataclass(frozen=True)
class Trait:
    """Something by which a row is known; `words` says it: "customer Ana Lima (ana-1)"."""

    path: str
    value: Any
    words: str


@dataclass(frozen=True)
class Look:
    """Where a criterion looks: rows of a type, and their fields."""

    key: str
    number: int
    check: StateCheck | ResponseCheck

    def covers(self, subject: Subject, field: str) -> bool:
        if isinstance(self.check, ResponseCheck):
            source = self.check.source
            is_there = isinstance(source, Written) and source.entity_type == subject.entity_type
            return is_there and isinstance(source, Written) and source.field == field
        return self._chooses(subject) and self._asks(field)

    def _chooses(self, subject: Subject) -> bool:
        check = self.check
        if not isinstance(check, StateCheck) or check.entity_type != subject.entity_type:
            return False
        try:
            if check.id is not None or not subject.is_made:
                return known(check.id) == subject.row["id"] and not subject.is_made
            world = subject.evidence.world
            return not first_broken(world, subject.entity_type, subject.row, check.where)
        except GymError:
            return False

    def _asks(self, field: str) -> bool:
        check = self.check
        if not isinstance(check, StateCheck):
            return False
        if field == ROW:
            return True
        paths = [*(e.path for e in check.expect), *(t.path for t in check.changed)]
        paths += [e.path for e in check.where] if check.created else []
        return any(path.partition(".")[0] == field for path in paths)


def _looks(criteria: Sequence[DraftCriterion]) -> Iterator[Look]:
    for number, criterion in enumerate(criteria, start=1):
        try:
            check = read_check(criterion.check)
        except GymError:
            continue
        if isinstance(check, StateCheck | ResponseCheck):
            yield Look(criterion.key, number, check)


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
        text = f"There {there} {noun} more{_with(subject)}."
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


def of_field(subject: Subject, name: str) -> tuple[str, dict[str, Any], bool]:
    """Give text and check of a criterion about one field; False when the check is not whole yet."""
    value = subject.row.get(name)
    own = spoken_path(name)
    if subject.is_made:
        place = f"The {own} of the new {subject.kind.label}{_with(subject, name)}"
    else:
        place = f"The {own} of {subject.name}"
    is_text = isinstance(value, str) and name in subject.kind.fields
    if is_text and (len(str(value)) > LONG or is_long(subject.kind, name)):
        return f"{place} says …", _written(subject, name), False
    lines = [*_expected(subject, name, value)][:FEW]
    said = _said(subject, name, value)
    is_one = not subject.is_made or len(subject.alike(subject.identity(name))) == 1
    match = {} if is_one else {"match": "any"}
    return f"{place} {said}.", {**subject.chosen(name), "expect": lines, **match}, True


def _written(subject: Subject, name: str) -> dict[str, Any]:
    rows = "new" if subject.is_made else "changed"
    where = subject.chosen(name).get("where", [])
    source = {"entity_type": subject.entity_type, "field": name, "rows": rows}
    return {"kind": "response", "source": {**source, **({"where": where} if where else {})}}


def _expected(subject: Subject, path: str, value: Any) -> Iterator[dict[str, Any]]:
    """Give what a field holds as lines of `expect`: each scalar in it is one."""
    if value is None or value in ([], {}):
        yield {"path": path, "op": "is_null"}
    elif isinstance(value, Mapping):
        for name, inside in value.items():
            if inside is not None:
                yield from _expected(subject, f"{path}.{name}", inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _expected(subject, path, inside)
    else:
        yield from _scalar(subject, path, value)


def _scalar(subject: Subject, path: str, value: Any) -> Iterator[dict[str, Any]]:
    """Name a row that was made by what identifies it: its id is another one each time."""
    made = _made_at(subject, path, value)
    if made is None:
        yield {"path": path, "value": value}
    elif traits := made.identity():
        yield from ({"path": f"{path}.{each.path}", "value": each.value} for each in traits)
    else:
        yield {"path": path, "op": "not_null"}


def _made_at(subject: Subject, path: str, value: Any) -> Subject | None:
    """Give the row that a reference names, where the reference solution made it."""
    evidence = subject.evidence
    target = reference_at(evidence.world.snapshot.company, subject.entity_type, path)
    if target is None:
        return None
    for change in evidence.diff:
        if (change.entity_type, change.id) == (target, value) and change.before is None:
            return Subject(evidence, target, change.after or {}, change)
    return None


def _said(subject: Subject, name: str, value: Any) -> str:
    if value is None or value in ([], {}):
        return "is empty"
    if isinstance(value, Mapping | list):
        lines = [*_expected(subject, name, value)][:FEW]
        said = [f"{_inner(line['path'], name)}{shown(line.get('value'))}" for line in lines]
        return f"has {listed(said)}"
    field = subject.kind.fields.get(name)
    if made := _made_at(subject, name, value):
        return f"is a new {made.kind.label}{_with(made)}"
    if field and field.target:
        world = subject.evidence.world
        return f"is {_named(world.entity_types[field.target], world, value)}"
    return f"is {_value_words(value, field)}"


def _value_words(value: Any, field: EntityField | None) -> str:
    return spoken(str(value)) if field and field.choices else shown(value)


def _inner(path: str, name: str) -> str:
    inside = path.removeprefix(name).removeprefix(".")
    return f"{spoken_path(inside)} " if inside else ""


def _with(subject: Subject, but: str = "") -> str:
    said = [each.words for each in subject.identity(but)]
    return f" with {listed(said)}" if said else ""


def _named(kind: EntityType, world: WorldState, key: Any) -> str:
    row = world.get(kind.name, str(key))
    title = title_of(kind, row) if row else ""
    return f"{title} ({key})" if title else str(key)


def _values(evidence: Evidence, entity_type: str, path: str, row: Row) -> list[Any]:
    return read_path(evidence.world.snapshot.company, entity_type, path).values(evidence.world, row)


def _is_made(evidence: Evidence, target: str, key: Any) -> bool:
    return any(row["id"] == key for row in evidence.made(target))


def _is_time(company: Any, entity_type: str, field: EntityField) -> bool:
    return read_path(company, entity_type, field.name).shape.kind in ("instant", "day")


def _short(value: Any) -> str:
    text = shown(value) if not isinstance(value, Mapping | list) else _flat(value)
    return text if len(text) <= SHORT * 2 else f"{text[: SHORT * 2]}…"


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{spoken(str(k))} {_flat(v)}" for k, v in value.items() if v is not None)
    return "; ".join(map(_flat, value)) if isinstance(value, list) else shown(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
