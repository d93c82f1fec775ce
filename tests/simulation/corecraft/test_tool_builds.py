import pytest

from .worlds import AFTER_CLOCK, make_build, snapshot_with

ANNA, BEN = "anna-gross-10001", "ben-ito-10002"
BUILDS = {
    "b-tower": make_build("2025-08-01T00:00:00Z", "gale", "swift", "swift", name="Tower"),
    "b-twin": make_build("2025-08-01T00:00:00Z", "zen", name="Tower"),
    "b-small": make_build(
        "2025-07-31T23:59:59.5Z",
        "gust",
        ownerType="customer",
        customerId=ANNA,
        name="große Kiste",
    ),
    "b-nameless": make_build(
        "2025-09-15T19:00:00Z", "gale", "zen", ownerType="customer", customerId=ANNA
    ),
    "b-late": make_build(AFTER_CLOCK, "gale", name="Tower of tomorrow"),
}
TOWER, TWIN, SMALL, NAMELESS = "b-tower", "b-twin", "b-small", "b-nameless"


@pytest.fixture(scope="module")
def snapshot():
    return snapshot_with(build=BUILDS)


def test_builds_come_by_name_then_by_id_and_those_without_one_first(ids):
    assert ids("searchBuilds") == [NAMELESS, TOWER, TWIN, SMALL]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"build_id": TWIN}, [TWIN]),
        ({"build_id": "b-t"}, []),
        ({"build_id": "b-late"}, []),
        ({"customer_id": ANNA}, [NAMELESS, SMALL]),
        ({"customer_id": BEN}, []),
        ({"component_id": "gale"}, [NAMELESS, TOWER]),
        ({"component_id": "swift"}, [TOWER]),
        ({"component_id": "upright"}, []),
        ({"component_id": "zen", "customer_id": ANNA}, [NAMELESS]),
        ({"name": "TOWER"}, [TOWER, TWIN]),
        ({"name": "ow"}, [TOWER, TWIN]),
        ({"name": "GROSSE"}, [SMALL]),
        ({"name": "tower", "component_id": "zen"}, [TWIN]),
        ({"created_after": "2025-08-01"}, [NAMELESS, TOWER, TWIN]),
        ({"created_before": "2025-07-31"}, [SMALL]),
        ({"created_before": "2025-07-31T23:59:59Z"}, []),
        ({"created_after": "2025-08-01", "created_before": "2025-08-01"}, [TOWER, TWIN]),
        ({"created_after": "2025-09-15T19:00:00Z"}, [NAMELESS]),
        ({"name": "tower", "limit": 1}, [TOWER]),
    ],
    ids=str,
)
def test_conditions_on_builds(conditions, found, ids):
    assert ids("searchBuilds", **conditions) == found


def test_a_found_build_is_the_whole_row(call):
    assert call("searchBuilds", build_id=TOWER) == [{"id": TOWER, **BUILDS[TOWER]}]


def test_a_changed_build_is_found_by_what_is_in_it_now(ids, world):
    world.update("build", TWIN, {"componentIds": ["upright"], "name": "Desk"})

    assert ids("searchBuilds", component_id="upright", name="desk") == [TWIN]
    assert ids("searchBuilds", component_id="zen") == [NAMELESS]
