"""A world with a setup in it, to look through: what people choose rows from for a task."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from simulation.entities import Row
from simulation.snapshots import Derived, Order, Snapshot
from simulation.state import Change


class Patched(Snapshot):
    """A snapshot with changes: what is not changed is shared with it, its indexes too.

    Nobody is shown here what agents cannot see: `unveiled` hides it like everything else.
    """

    def __init__(self, base: Snapshot, changes: Sequence[Change]) -> None:
        document = {
            "environment": base.company.slug,
            "now": base.now,
            "agentEmployeeId": base.agent_employee_id,
            "systemPrompts": base.prompts,
            "entities": {},
        }
        super().__init__(document, base.content_hash, frozen=base.frozen)
        self._base = base
        self._changed: dict[str, dict[str, Row | None]] = {}
        for change in changes:
            self._changed.setdefault(change.entity_type, {})[change.id] = change.after

    @cached_property
    def unveiled(self) -> Any:
        return self

    def index(self, entity_type: str, path: str) -> Mapping[Any, tuple[str, ...]]:
        if entity_type not in self._changed:
            return self._base.index(entity_type, path)
        return super().index(entity_type, path)

    def order(self, entity_type: str, order: Order) -> tuple[list[str], dict[str, int]]:
        is_same = entity_type not in self._changed
        return (
            self._base.order(entity_type, order) if is_same else super().order(entity_type, order)
        )

    def derived(self, entity_type: str, read: Callable[[Row], Derived]) -> Mapping[str, Derived]:
        known = self._base.derived(entity_type, read)
        changed = self._changed.get(entity_type)
        if not changed:
            return known
        kept = {key: value for key, value in known.items() if key not in changed}
        return kept | {key: read(row) for key, row in changed.items() if row is not None}

    def highest_number(self, entity_type: str, date_part: str) -> int:
        pattern = self.entity_type(entity_type).model.id_pattern
        read = (pattern.read(key) for key in self._changed.get(entity_type, ()) if pattern)
        made = [parts[1] for parts in read if parts and parts[0] == date_part]
        return max([self._base.highest_number(entity_type, date_part), *made])

    def rows(self, entity_type: str) -> dict[str, dict[str, Any]]:
        if entity_type not in self._changed:
            return self._base.rows(entity_type)
        if entity_type not in self._rows:
            rows: dict[str, Any] = dict(self._base.rows(entity_type))
            for key, row in self._changed[entity_type].items():
                rows.pop(key, None)
                if row is not None:
                    rows[key] = row
            self._rows[entity_type] = rows
        return self._rows[entity_type]

    def hidden(self, entity_type: str) -> dict[str, dict[str, Any]]:
        return self._base.hidden(entity_type)

    def stored(self, entity_type: str, key: str) -> Row | None:
        return self.rows(entity_type).get(key) or self.hidden(entity_type).get(key)
