"""Rows that share what should be theirs alone."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from simulation.entities import Row
from simulation.integrity.parts import Breach

Key = Callable[[Row], Hashable]


def sharing(rows: Iterable[Row], key: Key) -> Iterator[Sequence[Row]]:
    """Give the groups of two rows or more that have one key, each by id; None is no key."""
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        shared = key(row)
        if shared is not None:
            groups[shared].append(row)
    for group in groups.values():
        if len(group) > 1:
            yield sorted(group, key=lambda row: str(row["id"]))


def shared_values(
    entity_type: str, rows: Iterable[Row], path: str, key: Key | None = None
) -> Iterator[Breach]:
    """Find rows that share a text that each should have alone; capitals make no difference."""
    for group in sharing(rows, key or (lambda row: _folded(row.get(path)))):
        for row in group:
            others = ", ".join(other["id"] for other in group if other is not row)
            yield Breach(entity_type, row["id"], path, f"{row[path]} is also that of {others}")


def _folded(value: object) -> str | None:
    return str(value).casefold() if value else None
