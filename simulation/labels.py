"""Rows offered to people who look for one: by id or by title, the best matches first."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import islice

from simulation.entities import Row
from simulation.environments import Environment
from simulation.snapshots import Snapshot
from simulation.titles import title_of


def search_rows(
    snapshot: Snapshot, entity_type: str, text: str, *, limit: int
) -> list[tuple[str, str]]:
    """Give (id, title) of rows whose id or title has this text, the best matches first."""
    labels = snapshot.derived(entity_type, _reader(snapshot.company, entity_type))
    wanted = text.strip().casefold()
    found = _matching(labels.items(), wanted)
    ranked = sorted(found, key=lambda pair: (not _starts(pair, wanted), pair[1], pair[0]))
    return ranked[:limit]


def newest_rows(snapshot: Snapshot, entity_type: str, *, limit: int) -> list[tuple[str, str]]:
    """Give (id, title) of the rows that were created last; the first ids where nothing says so."""
    kind = snapshot.entity_type(entity_type)
    rows: Iterable[Row] = snapshot.rows(entity_type).values()
    if created := kind.created_field:
        rows = sorted(rows, key=lambda row: str(row.get(created, "")), reverse=True)
    return [(row["id"], title_of(kind, row)) for row in islice(rows, limit)]


@cache
def _reader(company: Environment, entity_type: str) -> Callable[[Row], str]:
    """Give the function that reads a title; the same one each time, so that its results last."""
    return partial(title_of, company.entity_types[entity_type])


def _matching(pairs: Iterable[tuple[str, str]], wanted: str) -> Iterator[tuple[str, str]]:
    return (p for p in pairs if wanted in p[0].casefold() or wanted in p[1].casefold())


def _starts(pair: tuple[str, str], wanted: str) -> bool:
    return any(text.casefold().startswith(wanted) for text in pair)
