"""The setup of a task: a patch that is applied to the clone before the agent acts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.errors import GymError, InvalidArgument, Problems
from simulation.snapshots import Snapshot
from simulation.state import Change, WorldState, is_after_clock

OPERATIONS = ("create", "update", "delete")
MEMBERS = ("op", "entity_type", "id", "fields")


@dataclass(frozen=True)
class Applied:
    """What became of one operation: its change, or why it cannot be applied."""

    change: Change | None
    problems: tuple[str, ...] = ()


def setup_changes(snapshot: Snapshot, patch: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Give the changes that a setup makes to a world.

    patch: list of {op, entity_type, id, fields}; create may leave the id out.
    Raises Problems that name every operation that cannot be applied.
    """
    changes, problems = apply_setup(snapshot, patch)
    if problems:
        raise Problems(problems)
    return changes


def apply_setup(
    snapshot: Snapshot, patch: Sequence[Mapping[str, Any]]
) -> tuple[list[Change], list[str]]:
    """Apply those operations that can be; gives their changes, and what is wrong with the others:
    "setup 3: …", counted from 1."""
    changes: list[Change] = []
    problems: list[str] = []
    for number, applied in enumerate(apply_each(WorldState(snapshot), patch), start=1):
        changes += [applied.change] if applied.change else []
        problems += [f"setup {number}: {line}" for line in applied.problems]
    return changes, problems


def apply_each(state: WorldState, patch: Sequence[Mapping[str, Any]]) -> Iterator[Applied]:
    """Apply operation after operation to a clone, as they are asked for."""
    for operation in patch:
        length = len(state.journal)
        try:
            _apply(state, operation)
            yield Applied(state.journal[-1])
        except GymError as error:
            state.rollback(length)
            yield Applied(None, tuple(error.message.splitlines()))


def _apply(state: WorldState, operation: Mapping[str, Any]) -> None:
    entity_type, key, fields = _read(state, operation)
    kind = state.entity_types[entity_type]
    match operation["op"]:
        case "delete":
            state.delete(entity_type, key)
            return
        case "update":
            stamps = {name: value for name, value in fields.items() if name in kind.stamps}
            before = state.need(entity_type, key)
            kept = {name: before.get(name) for name in kind.stamps} | stamps
            row = state.update(entity_type, key, {**fields, **kept})
        case _:
            row = state.create(entity_type, fields, key=key or None)
    if is_after_clock(row, kind, state.now):
        raise InvalidArgument(
            f"{kind.created_field} of {entity_type} {row['id']!r} is after the world's clock"
            f" ({state.now}): agents could not see the row"
        )


def _read(state: WorldState, operation: Mapping[str, Any]) -> tuple[str, str, Mapping[str, Any]]:
    if unknown := [name for name in operation if name not in MEMBERS]:
        raise InvalidArgument(
            f"unknown {', '.join(unknown)}; an operation has {', '.join(MEMBERS)}"
        )
    if operation.get("op") not in OPERATIONS:
        raise InvalidArgument(f"op {operation.get('op')!r}: write one of {', '.join(OPERATIONS)}")
    entity_type, key = operation.get("entity_type"), operation.get("id", "")
    fields = operation.get("fields", {})
    if not isinstance(entity_type, str) or entity_type not in state.entity_types:
        known = ", ".join(state.entity_types)
        raise InvalidArgument(f"entity_type {entity_type!r}: write one of {known}")
    if not isinstance(key, str) or (not key and operation["op"] != "create"):
        raise InvalidArgument("id: write the id of the row as text")
    if not isinstance(fields, Mapping):
        raise InvalidArgument("fields: write an object of field names and values")
    return entity_type, key, fields
