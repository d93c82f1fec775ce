"""The difference between two worlds of one company: rows, prompts, clock and agent."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from simulation.errors import InvalidArgument
from simulation.snapshots import Rows, Snapshot
from simulation.state import Change


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text of the world before and after; "" where there was or is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class WorldDifference:
    """What must be done to the first world to get the second one, sorted by type and id."""

    changes: tuple[Change, ...]
    prompts: tuple[TextChange, ...]
    facts: tuple[TextChange, ...]

    @cached_property
    def counts(self) -> Mapping[str, Counter[str]]:
        """Count what was added, changed and removed by entity type."""
        found: dict[str, Counter[str]] = {}
        for change in self.changes:
            found.setdefault(change.entity_type, Counter())[operation(change)] += 1
        return found

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.prompts or self.facts)


ADDED, CHANGED, REMOVED = OPERATIONS = ("added", "changed", "removed")


def operation(change: Change) -> str:
    if change.before is None:
        return ADDED
    return REMOVED if change.after is None else CHANGED


def compare(before: Snapshot, after: Snapshot) -> WorldDifference:
    """Compare all rows of two worlds, hidden ones too.

    Raises InvalidArgument for worlds of different companies.
    """
    if before.company.slug != after.company.slug:
        raise InvalidArgument(
            f"a world of {before.company.slug} and one of {after.company.slug} have no rows to"
            " compare: choose two of one company"
        )
    if before is after or before.content_hash == after.content_hash:
        return WorldDifference((), (), ())
    return WorldDifference(
        changes=tuple(_changes(before, after)),
        prompts=tuple(_texts(before.prompts, after.prompts)),
        facts=tuple(_texts(_facts(before), _facts(after))),
    )


def _changes(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for name in sorted(before.company.entity_types):
        yield from _row_changes(name, before.unveiled.rows(name), after.unveiled.rows(name))


def _row_changes(name: str, before: Rows, after: Rows) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old != new:
            yield Change(name, key, old, new)


def _texts(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[TextChange]:
    for name in sorted({*before, *after}):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield TextChange(name, old, new)


def _facts(world: Snapshot) -> Mapping[str, str]:
    return {"clock": world.now, "agent": world.agent_employee_id}
