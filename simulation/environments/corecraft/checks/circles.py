"""Chains of references that should end somewhere."""

from collections.abc import Iterable, Iterator

from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach


def circles(inspection: Inspection, entity_type: str, path: str) -> Iterator[Breach]:
    """Find the rows from which a reference to rows of their own type leads back to themselves."""
    following = {row["id"]: row.get(path) for row in inspection.rows(entity_type)}
    for key in following:
        walked = list(_walk(following, key))
        if walked and walked[-1] == key:
            yield Breach(entity_type, key, path, f"leads back to itself: {_arrows([key, *walked])}")


def _walk(following: dict[str, str | None], key: str) -> Iterator[str]:
    """Follow the references from a row until they end or come by a row again."""
    seen = set[str]()
    current = following.get(key)
    while current is not None and current not in seen:
        seen.add(current)
        yield current
        if current == key:
            return
        current = following.get(current)


def _arrows(keys: Iterable[str]) -> str:
    return " → ".join(keys)
