import pytest

from .worlds import AFTER_CLOCK, PRODUCTS, snapshot_with


def level(product_id, warehouse, **fields):
    return {
        "productId": product_id,
        "warehouse": warehouse,
        "onHand": 4,
        "reserved": 1,
        "reorderPoint": 2,
        **fields,
    }


LEVELS = {
    "l-1": level("swift", "Reno"),
    "l-2": level("swift", "Groß-Gerau", nextArrival="2025-09-20T00:00:00Z"),
    "l-3": level("swift", "Reno"),
    "l-4": level("gale", "Reno"),
    "l-5": level("swift", "Austin", createdAt=AFTER_CLOCK),
}


@pytest.fixture(scope="module")
def snapshot():
    late = {**PRODUCTS["swift"], "createdAt": AFTER_CLOCK}
    return snapshot_with(inventory_level=LEVELS, product={**PRODUCTS, "late": late})


def with_id(key):
    return {"id": key, **LEVELS[key]}


def test_the_stock_of_a_product_comes_with_its_levels_by_warehouse(call):
    assert call("checkInventory", product_id="swift") == {
        "product_id": "swift",
        "in_stock": 1,
        "backorderable": False,
        "levels": [with_id("l-2"), with_id("l-1"), with_id("l-3")],
    }


@pytest.mark.parametrize(
    ("warehouse", "levels"),
    [
        ("reno", ["l-1", "l-3"]),
        ("GROSS-GERAU", ["l-2"]),
        ("Ren", []),
        ("Re no", []),
        ("Austin", []),
    ],
)
def test_the_levels_of_one_warehouse(warehouse, levels, call):
    found = call("checkInventory", product_id="swift", warehouse=warehouse)

    assert [row["id"] for row in found["levels"]] == levels
    assert found["in_stock"] == 1


def test_what_may_be_ordered_without_stock_is_said(call, world):
    world.update("product", "gust", {"inventory": {"inStock": 0, "backorderable": True}})

    assert call("checkInventory", product_id="gust") == {
        "product_id": "gust",
        "in_stock": 0,
        "backorderable": True,
        "levels": [],
    }


def test_a_product_is_shown_with_its_levels(call):
    assert call("getProduct", product_id="gale") == {
        "id": "gale",
        **PRODUCTS["gale"],
        "inventoryLevels": [with_id("l-4")],
    }


@pytest.mark.parametrize("tool", ["checkInventory", "getProduct"])
@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({}, "invalid_argument", "product_id"),
        ({"product_id": "nothing"}, "not_found", "product_id"),
        ({"product_id": "SWIFT"}, "not_found", "product_id"),
        ({"product_id": "late"}, "not_found", "product_id"),
        ({"product_id": ["swift"]}, "invalid_argument", "product_id"),
    ],
    ids=str,
)
def test_a_product_that_cannot_be_shown(tool, arguments, code, field, call):
    error = call(tool, **arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)


def test_a_warehouse_has_a_name(call):
    error = call("checkInventory", product_id="swift", warehouse="")["error"]

    assert (error["code"], error["field"]) == ("invalid_argument", "warehouse")
