"""Worlds of other sizes: ids keep their form, everything has its share, nothing takes for ever."""

import datetime as dt
import re
import time
from dataclasses import dataclass
from functools import cache

import pytest

from simulation.entities import IdPattern
from simulation.environments import environment
from simulation.environments.corecraft import generator
from simulation.environments.corecraft.generator.numbering import number
from simulation.values import pluck

from .generated import PREFIXES, ROWS

LARGE = 4
World = generator.GeneratedWorld


@dataclass
class Row:
    created: dt.datetime
    id: str = ""


@cache
def made(size: float) -> tuple[World, float]:
    """Generate a world and say how much of the processor's time it took."""
    started = time.process_time()
    world = generator.generate(size=size)
    return world, time.process_time() - started


@pytest.fixture(scope="module", params=[0.1, LARGE])
def world(request: pytest.FixtureRequest) -> World:
    return made(request.param)[0]


@pytest.mark.parametrize("kind", ROWS)
def test_rows_of_other_sizes_are_valid_and_point_at_rows(world: World, kind: str) -> None:
    entity_type, rows = environment("corecraft").entity_types[kind], world.entities[kind]

    for key, row in list(rows.items())[::7]:
        assert entity_type.check(row) == dict(sorted(row.items())), key
        for path, target in entity_type.references:
            assert set(pluck(row, path)) <= set(world.entities.get(target, {})), key


def test_ids_of_other_sizes_keep_their_form(world: World) -> None:
    for kind, prefix in PREFIXES.items():
        assert all(map(IdPattern(prefix).read, world.entities[kind])), kind
    assert all(re.fullmatch(r"[a-z-]+-\d{5}", key) for key in world.entities["customer"])


def test_every_area_grows_with_the_size_and_the_company_does_not() -> None:
    world, _ = made(LARGE)
    for kind in ("customer", "order", "refund", "support_ticket"):
        assert 0.9 < len(world.entities[kind]) / len(ROWS[kind]) / LARGE < 1.1, kind
    for kind in ("product", "employee", "promotion", "inventory_level", "loyalty_tier"):
        assert len(world.entities[kind]) == len(ROWS[kind]), kind


def test_more_than_999_rows_of_a_day_get_longer_numbers() -> None:
    start = dt.datetime(2025, 8, 20, tzinfo=dt.UTC)
    rows = [Row(start + dt.timedelta(seconds=second)) for second in range(1200)]
    number(rows, "ord")

    assert [rows[0].id, rows[-1].id] == ["ord-250820-001", "ord-250820-1200"]
    numbers = [IdPattern("ord").read(row.id) for row in rows]
    assert numbers == [("250820", place) for place in range(1, 1201)]


def test_four_times_as_much_takes_about_four_times_as_long() -> None:
    _, small = made(1)
    _, large = made(LARGE)
    assert large / small < 2 * LARGE
