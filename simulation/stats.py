"""How much there is in a world, in figures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simulation.snapshots import Snapshot


@dataclass(frozen=True)
class WorldStats:
    """Rows, those after the clock included, by entity type, and tools. Types without rows do not
    count."""

    entities: int
    entity_types: int
    per_type: Mapping[str, int]
    tools_default: int
    tools: int
    content_hash: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def count_world(snapshot: Snapshot) -> WorldStats:
    company = snapshot.company
    counts = {
        name: len(snapshot.rows(name)) + len(snapshot.hidden(name)) for name in company.entity_types
    }
    per_type = {name: count for name, count in counts.items() if count}
    return WorldStats(
        entities=sum(per_type.values()),
        entity_types=len(per_type),
        per_type=per_type,
        tools_default=len(company.toolsets.get("default", ())),
        tools=len(company.tools),
        content_hash=snapshot.content_hash,
    )
