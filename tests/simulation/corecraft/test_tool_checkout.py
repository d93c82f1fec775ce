"""createOrder: the order, its payment, and the stock that is reserved."""

import pytest

from .shop import CUSTOMERS, LEVELS, NOW, PRODUCTS, SNAPSHOT, changes, line
from .worlds import AUSTIN, BERLIN


@pytest.fixture(scope="module")
def snapshot():
    return SNAPSHOT


@pytest.fixture
def order(call):
    def order(*items, customer_id="ann-none-1", **others):
        return call("createOrder", **{"customer_id": customer_id, "line_items": [*items]} | others)

    return order


def is_coherent(world):
    """Every product whose levels are kept has in stock what is free in all warehouses."""
    return all(
        sum(level["onHand"] - level["reserved"] for level in levels)
        == world.get("product", key)["inventory"]["inStock"]
        for key in PRODUCTS
        if (levels := world.find("inventory_level", "productId", key))
    )


def test_the_shop_is_coherent_to_begin_with(world):
    assert is_coherent(world)
    assert {level["productId"] for level in LEVELS.values()} == {"chip", "gpu", "mouse"}


def test_all_that_changes_row_by_row(order, world):
    row = order(line("gpu", 4), line("cable", 2))

    assert row == world.get("order", "ord-250915-001")
    assert changes(world) == {
        "ord-250915-001": {
            "id": "ord-250915-001",
            "customerId": "ann-none-1",
            "lineItems": [line("gpu", 4), line("cable", 2)],
            "status": "pending",
            "shipping": {"address": AUSTIN, "carrier": "UPS Ground", "service": "standard"},
            "createdAt": NOW,
            "updatedAt": NOW,
        },
        "pay-250915-001": {
            "id": "pay-250915-001",
            "orderId": "ord-250915-001",
            "customerId": "ann-none-1",
            "amount": 1210.09,
            "method": "card",
            "status": "pending",
            "createdAt": NOW,
        },
        "gpu": {
            "inventory": (
                {"inStock": 5, "backorderable": False},
                {"inStock": 1, "backorderable": False},
            )
        },
        "gpu-reno": {"reserved": (1, 4)},
        "gpu-dallas": {"reserved": (1, 2)},
    }
    assert is_coherent(world)


@pytest.mark.parametrize(
    ("items", "in_stock", "reserved"),
    [
        ([line("gpu")], ("gpu", 4), {"gpu-reno": 2}),
        ([line("gpu", 3)], ("gpu", 2), {"gpu-reno": 4}),
        ([line("gpu", 5)], ("gpu", 0), {"gpu-reno": 4, "gpu-dallas": 3}),
        ([line("gpu", 2), line("gpu", 3)], ("gpu", 0), {"gpu-reno": 4, "gpu-dallas": 3}),
        ([line("mouse")], ("mouse", 0), {"mouse-reno": 1}),
        ([line("set", 2)], ("set", 0), {}),
        ([line("chip", 2)], ("chip", 0), {"chip-reno": 3}),
        ([line("chip", 7)], ("chip", 0), {"chip-reno": 3}),
        ([line("cable", 100)], ("cable", 0), {}),
    ],
    ids=str,
)
def test_goods_are_reserved_where_most_are_free(items, in_stock, reserved, order, world):
    order(*items)

    levels = [change for change in world.changes if change.entity_type == "inventory_level"]
    changed = {change.id: change.after["reserved"] for change in levels}
    key, left = in_stock
    assert world.get("product", key)["inventory"]["inStock"] == left
    assert changed == reserved
    assert is_coherent(world)


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([line("gpu", 6)], "6 of gpu cannot be ordered: 5 in stock, and it is not backorderable"),
        ([line("mouse"), line("mouse")], "2 of mouse cannot be ordered: 1 in stock"),
        ([line("gpu"), line("mouse", 2)], "2 of mouse cannot be ordered: 1 in stock"),
        ([line("set", 3)], "3 of set cannot be ordered: 2 in stock"),
    ],
    ids=str,
)
def test_what_is_neither_in_stock_nor_backorderable_cannot_be_ordered(items, message, order, world):
    error = order(*items)["error"]

    assert (error["code"], error["field"]) == ("conflict", "line_items")
    assert message in error["message"]
    assert world.changes == []


def test_what_is_reserved_cannot_be_ordered_again(order, world):
    order(line("gpu", 3))

    assert order(line("gpu", 3))["error"]["code"] == "conflict"
    assert order(line("gpu", 2))["id"] == "ord-250915-002"
    assert world.get("product", "gpu")["inventory"]["inStock"] == 0
    assert is_coherent(world)


@pytest.mark.parametrize(
    ("service", "carrier", "fee"),
    [
        ("standard", "UPS Ground", 9.99),
        ("express", "FedEx Express", 19.99),
        ("overnight", "FedEx Overnight", 39.99),
    ],
)
def test_the_service_fixes_carrier_and_fee(service, carrier, fee, order, world):
    row = order(line("cable"), shipping_service=service)

    assert (row["shipping"]["service"], row["shipping"]["carrier"]) == (service, carrier)
    assert world.get("payment", "pay-250915-001")["amount"] == round(fee + 0.05, 2)


@pytest.mark.parametrize(
    ("customer_id", "label", "address"),
    [
        ("gus-gold-2", None, BERLIN),
        ("gus-gold-2", "shipping", BERLIN),
        ("gus-gold-2", "billing", AUSTIN),
        ("gus-gold-2", "other", {**AUSTIN, "label": "other"}),
        ("ann-none-1", None, AUSTIN),
        ("ann-none-1", "billing", AUSTIN),
    ],
)
def test_it_goes_to_the_address_of_the_label(customer_id, label, address, order):
    row = order(line("cable"), customer_id=customer_id, address_label=label)

    assert row["shipping"]["address"] == address


@pytest.mark.parametrize(
    ("customer_id", "code", "quantities", "kept"),
    [
        ("gus-gold-2", None, {"gpu": 1, "mouse": 1}, None),
        ("gus-gold-2", "ten", {"gpu": 1, "mouse": 1}, "TEN"),
        ("ann-none-1", "again", {"gpu": 2}, "Again"),
        ("sil-silver-3", "deal", {"gpu": 2, "set": 1}, "DEAL"),
        ("pia-plat-4", None, {"gpu": 1}, None),
    ],
)
def test_the_payment_is_what_was_calculated(
    customer_id, code, quantities, kept, order, call, world
):
    tier = CUSTOMERS[customer_id]["loyaltyTier"]
    calculated = call(
        "calculatePrice",
        product_ids=[*quantities],
        quantities=[*quantities.values()],
        loyalty_tier=tier,
        promotion_code=code,
    )

    items = [line(*item) for item in quantities.items()]
    row = order(*items, customer_id=customer_id, promotion_code=code)

    assert row.get("promotionCode") == kept
    [payment] = world.find("payment", "orderId", row["id"])
    assert payment["amount"] == calculated["total"]


def test_a_build_is_kept_with_the_order(order):
    assert order(line("chip"), build_id="build-250901-001")["buildId"] == "build-250901-001"


def test_an_order_that_was_paid_can_be_returned_whole(order, call, world):
    items = [line("gpu"), line("set")]
    row = order(*items, customer_id="gus-gold-2", promotion_code="TEN")
    [payment] = world.find("payment", "orderId", row["id"])
    assert call("processReturn", order_id=row["id"], lines=items, reason="other")["error"]
    call("updatePaymentStatus", payment_id=payment["id"], status="captured")

    found = call("processReturn", order_id=row["id"], lines=items, reason="other")

    assert found["refund"]["amount"] == round(payment["amount"] - 9.99, 2)
    assert found["order"]["status"] == "refunded"


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"customer_id": "nobody"}, "not_found", "customer_id"),
        ({"customer_id": None}, "invalid_argument", "customer_id"),
        ({"customer_id": "tom-tent-5"}, "conflict", "customer_id"),
        ({"customer_id": "tom-tent-5", "address_label": "other"}, "not_found", "address_label"),
        ({"address_label": "shipping"}, "not_found", "address_label"),
        ({"address_label": "home"}, "invalid_argument", "address_label"),
        ({"build_id": "build-0"}, "not_found", "build_id"),
        ({"promotion_code": "NOPE"}, "not_found", "promotion_code"),
        ({"promotion_code": "OVER"}, "conflict", "promotion_code"),
        ({"promotion_code": "GPUS"}, "conflict", "promotion_code"),
        ({"shipping_service": "ground"}, "invalid_argument", "shipping_service"),
        ({"line_items": []}, "invalid_argument", "line_items"),
        ({"line_items": None}, "invalid_argument", "line_items"),
        ({"line_items": [line("ghost")]}, "not_found", "line_items"),
        ({"line_items": [line("future")]}, "not_found", "line_items"),
        ({"line_items": [line("gpu", 0)]}, "invalid_argument", "line_items.0.qty"),
        ({"line_items": [line("gpu", 1.5)]}, "invalid_argument", "line_items.0.qty"),
        ({"line_items": [{"qty": 1}]}, "invalid_argument", "line_items.0.product_id"),
        ({"line_items": ["gpu"]}, "invalid_argument", "line_items.0"),
    ],
    ids=str,
)
def test_an_order_that_cannot_be_placed_leaves_no_trace(arguments, code, field, order, world):
    error = order(line("mouse"), **arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []
