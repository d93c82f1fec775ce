"""A row as a reference leaves it: what it is called, and what tells it from others.

A row that the reference makes is known by what identifies it, never by its id: another agent's row
gets another one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from grading.expectations import Expectation, first_broken
from grading.graders import Evidence
from simulation.entities import EntityField, EntityType, Row
from simulation.paths import read_path
from simulation.state import Change, WorldState
from simulation.titles import title_of
from simulation.wording import listed, spoken

SHORT = 60  # characters of a text that identifies a row


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
                    yield Trait(path, value, f"{kind.label} {named(kind, world, value)}")
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


def with_traits(subject: Subject, but: str = "") -> str:
    said = [each.words for each in subject.identity(but)]
    return f" with {listed(said)}" if said else ""


def named(kind: EntityType, world: WorldState, key: Any) -> str:
    row = world.get(kind.name, str(key))
    title = title_of(kind, row) if row else ""
    return f"{title} ({key})" if title else str(key)


def _values(evidence: Evidence, entity_type: str, path: str, row: Row) -> list[Any]:
    return read_path(evidence.world.snapshot.company, entity_type, path).values(evidence.world, row)


def _is_made(evidence: Evidence, target: str, key: Any) -> bool:
    return any(row["id"] == key for row in evidence.made(target))


def _is_time(company: Any, entity_type: str, field: EntityField) -> bool:
    return read_path(company, entity_type, field.name).shape.kind in ("instant", "day")
