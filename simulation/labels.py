"""Rows as people name them: a label beside the id, a search by either, and the row's address."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from urllib.parse import quote

from django.urls import reverse

from simulation.entities import EntityType, Row
from simulation.models import World
from simulation.snapshots import Snapshot

_LABELS = ("name", "title", "subject", "label", "code")
MAX_LABEL = 120


def label_of(kind: EntityType, row: Row) -> str:
    """Give what a row is called, "" where its type has nothing but ids."""
    return _reader(_label_field(kind))(row)


def search_rows(
    snapshot: Snapshot, entity_type: str, text: str, *, limit: int
) -> list[tuple[str, str]]:
    """Give (id, label) of rows whose id or label has this text, the best matches first."""
    kind = snapshot.entity_type(entity_type)
    labels = snapshot.derived(entity_type, _reader(_label_field(kind)))
    wanted = text.strip().casefold()
    found = _matching(labels.items(), wanted)
    ranked = sorted(found, key=lambda pair: (not _starts(pair, wanted), pair[1], pair[0]))
    return ranked[:limit]


def newest_rows(snapshot: Snapshot, entity_type: str, *, limit: int) -> list[tuple[str, str]]:
    """Give (id, label) of the rows that were created last; the first ids where nothing says so."""
    kind = snapshot.entity_type(entity_type)
    rows: Iterable[Row] = snapshot.rows(entity_type).values()
    if created := kind.created_field:
        rows = sorted(rows, key=lambda row: str(row.get(created, "")), reverse=True)
    return [(row["id"], label_of(kind, row)) for row in islice(rows, limit)]


def world_url(world: World, rest: str = "") -> str:
    return (
        f"{reverse('simulation:query', args=[world.slug, world.version])[: -len('query/')]}{rest}"
    )


def row_url(world: World, entity_type: str, key: str) -> str:
    return world_url(world, f"{entity_type}/{quote(key, safe='')}/")


def _label_field(kind: EntityType) -> str:
    return next((name for name in _LABELS if name in kind.fields), "")


@cache
def _reader(field: str) -> Callable[[Row], str]:
    """Give the function that reads a label; the same one each time, so that its results last."""

    def read(row: Row) -> str:
        value = row.get(field, "")
        return value[:MAX_LABEL] if isinstance(value, str) else ""

    return read


def _matching(pairs: Iterable[tuple[str, str]], wanted: str) -> Iterator[tuple[str, str]]:
    return (p for p in pairs if wanted in p[0].casefold() or wanted in p[1].casefold())


def _starts(pair: tuple[str, str], wanted: str) -> bool:
    return any(text.casefold().startswith(wanted) for text in pair)
