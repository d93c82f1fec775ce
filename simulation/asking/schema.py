"""All paths of an entity type for people to look through: in groups, in words, with examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from simulation.asking.kept import once_a_snapshot
from simulation.asking.offers import Offer, group_words, offers
from simulation.entities import Row
from simulation.pages import shortened, shown_value
from simulation.state import WorldState

EXAMPLE_ROWS = 8  # that are looked at for a value to show
LONGEST_EXAMPLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRow:
    """A path that is offered, in words, with what it may look like."""

    path: str
    words: str
    kind: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PathGroup:
    """The paths of one row: of the row itself, or of one that it refers to."""

    title: str
    rows: tuple[PathRow, ...]


@once_a_snapshot
def paths_html(world: WorldState, entity_type: str) -> SafeString:
    """Print the list of all paths: the longest part of the page, and the same for everybody."""
    groups = path_groups(world, entity_type)
    return render_to_string("simulation/partials/query_paths.html", {"groups": groups})


@once_a_snapshot
def options_html(world: WorldState, entity_type: str) -> SafeString:
    """Print the paths as options that an input suggests while one types."""
    groups = path_groups(world, entity_type)
    return render_to_string("simulation/partials/query_options.html", {"groups": groups})


@once_a_snapshot
def path_groups(world: WorldState, entity_type: str) -> tuple[PathGroup, ...]:
    rows = list(islice(world.rows(entity_type), EXAMPLE_ROWS))
    there = offers(world.snapshot.company, entity_type)
    groups = (list(group) for _, group in groupby(there, key=lambda offer: offer.group))
    return tuple(
        PathGroup(
            title=group_words(group[0]), rows=tuple(_row(world, rows, offer) for offer in group)
        )
        for group in groups
    )


def _row(world: WorldState, rows: Sequence[Row], offer: Offer) -> PathRow:
    found = (value for row in rows for value in offer.path.values(world, row))
    example = next(found, None)
    return PathRow(
        path=offer.text,
        words=offer.words,
        kind=offer.kind,
        example=shortened(shown_value(example), LONGEST_EXAMPLE),
    )
