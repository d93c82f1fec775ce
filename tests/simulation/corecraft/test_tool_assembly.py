import pytest

from .shop import BUILDS, NOW, SNAPSHOT, changes

BENCH = "build-250901-001"


@pytest.fixture(scope="module")
def snapshot():
    return SNAPSHOT


def test_a_build_is_the_companys_unless_a_customer_is_named(call, world):
    row = call("createBuild", component_ids=["chip", "mouse", "mouse"])

    assert row == {
        "id": "build-250915-001",
        "ownerType": "internal",
        "componentIds": ["chip", "mouse", "mouse"],
        "createdAt": NOW,
        "updatedAt": NOW,
    }
    assert changes(world) == {"build-250915-001": row}


def test_a_build_of_a_customer_has_its_name(call):
    row = call("createBuild", component_ids=["gpu"], customer_id="ann-none-1", name="Silent")

    assert (row["ownerType"], row["customerId"], row["name"]) == (
        "customer",
        "ann-none-1",
        "Silent",
    )


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        ({"name": "Desk"}, {"name": ("Test bench", "Desk")}),
        ({"component_ids": ["gpu", "gpu"]}, {"componentIds": (["chip"], ["gpu", "gpu"])}),
        (
            {"name": "N", "component_ids": ["set"]},
            {"name": ("Test bench", "N"), "componentIds": (["chip"], ["set"])},
        ),
    ],
    ids=str,
)
def test_a_build_is_changed_in_what_is_given(arguments, changed, call, world):
    row = call("updateBuild", build_id=BENCH, **arguments)

    assert row == world.get("build", BENCH)
    assert changes(world) == {BENCH: changed | {"updatedAt": (BUILDS[BENCH]["updatedAt"], NOW)}}


@pytest.mark.parametrize(
    ("tool", "arguments", "code", "field"),
    [
        ("createBuild", {"component_ids": None}, "invalid_argument", "component_ids"),
        ("createBuild", {"component_ids": []}, "invalid_argument", "component_ids"),
        ("createBuild", {"component_ids": [""]}, "invalid_argument", "component_ids.0"),
        ("createBuild", {"component_ids": ["chip", "ghost"]}, "not_found", "component_ids"),
        ("createBuild", {"component_ids": ["future"]}, "not_found", "component_ids"),
        ("createBuild", {"customer_id": "nobody"}, "not_found", "customer_id"),
        ("createBuild", {"name": ""}, "invalid_argument", "name"),
        ("createBuild", {"name": "x" * 201}, "invalid_argument", "name"),
        ("updateBuild", {"build_id": "build-0"}, "not_found", "build_id"),
        ("updateBuild", {"build_id": None}, "invalid_argument", "build_id"),
        ("updateBuild", {"component_ids": []}, "invalid_argument", "component_ids"),
        ("updateBuild", {"component_ids": ["ghost"]}, "not_found", "component_ids"),
        ("updateBuild", {"name": "x" * 201}, "invalid_argument", "name"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_build_that_cannot_be_saved_leaves_no_trace(tool, arguments, code, field, call, world):
    good = {
        "createBuild": {"component_ids": ["chip"]},
        "updateBuild": {"build_id": BENCH, "name": "Desk"},
    }[tool]

    error = call(tool, **good | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


def test_no_change_at_all_is_refused_with_what_can_be_changed(call, world):
    error = call("updateBuild", build_id=BENCH)["error"]

    assert error == {
        "code": "invalid_argument",
        "message": "nothing to change: give component_ids or name",
    }
    assert world.changes == []


@pytest.mark.parametrize("length", [1, 200])
def test_a_name_has_one_to_two_hundred_characters(length, call):
    assert call("updateBuild", build_id=BENCH, name="x" * length)["name"] == "x" * length
