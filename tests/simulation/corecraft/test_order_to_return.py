"""From the order to the return: whatever was bought, what was paid for the goods comes back."""

import json
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from simulation.calls import call_tool
from simulation.environments import environment
from simulation.snapshots import from_document
from simulation.state import WorldState

from .shop import ENTITIES, PRODUCTS, PROMOTIONS, SNAPSHOT, line
from .worlds import document

TOOLS = environment("corecraft").tools
FEES = {"standard": "9.99", "express": "19.99", "overnight": "39.99"}
PLENTY = {"inStock": 0, "backorderable": True}
SHOP = from_document(
    document(ENTITIES | {"product": {k: {**p, "inventory": PLENTY} for k, p in PRODUCTS.items()}}),
    frozen=True,
)
products = st.sampled_from(sorted(PRODUCTS.keys() - {"future", "right"}))  # a SKU each
baskets = st.lists(st.builds(line, products, st.integers(1, 4)), min_size=1, max_size=4)
customers = st.sampled_from(["ann-none-1", "gus-gold-2", "pia-plat-4", "sil-silver-3"])
codes = st.none() | st.sampled_from(sorted({row["code"] for row in PROMOTIONS.values()}))


def call(world, tool, **arguments):
    return json.loads(call_tool(world, TOOLS, tool, json.dumps(arguments)).text)


def paid_order(world, customer_id, basket, code, service):
    order = call(
        world,
        "createOrder",
        customer_id=customer_id,
        line_items=basket,
        promotion_code=code,
        shipping_service=service,
    )
    assume("error" not in order)
    [payment] = world.find("payment", "orderId", order["id"])
    call(world, "updatePaymentStatus", payment_id=payment["id"], status="captured")
    return order, payment


def pieces(basket):
    """Give every single piece, so that returns can be cut in any way."""
    return [line(item["productId"]) for item in basket for _ in range(item["qty"])]


def goods_paid(payment, service):
    return Decimal(str(payment["amount"])) - Decimal(FEES[service])


@given(customers, baskets, codes, st.sampled_from(sorted(FEES)))
def test_all_at_once_gives_all_that_was_paid_but_shipping(customer_id, basket, code, service):
    world = WorldState(SHOP)
    order, payment = paid_order(world, customer_id, basket, code, service)
    paid = goods_paid(payment, service)

    found = call(world, "processReturn", order_id=order["id"], lines=basket, reason="other")

    if paid:
        assert Decimal(str(found["refund"]["amount"])) == paid
        assert (found["order"]["status"], found["payment"]["status"]) == ("refunded", "refunded")
    else:
        assert found["error"]["code"] == "conflict"


@given(customers, baskets, codes, st.sampled_from(sorted(FEES)), st.data())
def test_piece_by_piece_gives_the_same_but_for_cents(customer_id, basket, code, service, data):
    world = WorldState(SHOP)
    order, payment = paid_order(world, customer_id, basket, code, service)
    paid, back = goods_paid(payment, service), []

    for piece in data.draw(st.permutations(pieces(basket))):
        found = call(world, "processReturn", order_id=order["id"], lines=[piece], reason="other")
        if "error" in found:
            assert "nothing was paid for these goods" in found["error"]["message"]
        else:
            back.append(Decimal(str(found["refund"]["amount"])))
    again = call(world, "processReturn", order_id=order["id"], lines=basket[:1], reason="other")

    assert abs(sum(back) - paid) <= Decimal("0.005") * (len(pieces(basket)) + 1)
    assert sum(back) <= Decimal(str(payment["amount"]))
    assert again["error"]["code"] == "conflict"
    if len(back) == len(pieces(basket)):
        assert world.get("order", order["id"])["status"] == "refunded"


@given(baskets, codes, customers)
def test_a_price_lies_between_shipping_and_the_whole(basket, code, customer_id):
    world = WorldState(SNAPSHOT)
    tier = world.need("customer", customer_id)["loyaltyTier"]

    found = call(
        world,
        "calculatePrice",
        product_ids=[item["productId"] for item in basket],
        quantities=[item["qty"] for item in basket],
        loyalty_tier=tier,
        promotion_code=code,
    )

    assume("error" not in found)
    assert 0 <= found["discount"] <= found["subtotal"]
    assert found["shipping"] <= found["total"] <= round(found["subtotal"] + found["shipping"], 2)
    exact = found["subtotal"] - found["discount"] + found["shipping"]
    assert abs(found["total"] - exact) < 0.0101
