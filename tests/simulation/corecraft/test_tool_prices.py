"""calculatePrice: subtotal, tier, promotion, shipping; each figure rounded half up once."""

import pytest

from simulation.snapshots import from_document
from simulation.state import WorldState

from .shop import AFTER_CLOCK, BEFORE_CLOCK, ENTITIES, NOW, SNAPSHOT, make_product, make_promotion
from .worlds import document


@pytest.fixture(scope="module")
def snapshot():
    return SNAPSHOT


def price(subtotal, discount, total, shipping=9.99):
    return {"subtotal": subtotal, "discount": discount, "shipping": shipping, "total": total}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"product_ids": ["mouse"]}, price(39.95, 0.0, 49.94)),
        ({"product_ids": ["mouse"], "quantities": [1]}, price(39.95, 0.0, 49.94)),
        ({"product_ids": ["gpu", "mouse"], "quantities": [2, 3]}, price(719.85, 0.0, 729.84)),
        ({"product_ids": ["mouse", "gpu", "mouse"]}, price(379.9, 0.0, 389.89)),
        ({"product_ids": ["set"]}, price(320.0, 0.0, 329.99)),
        ({"product_ids": ["mouse"], "quantities": [1_000_000]}, price(39.95e6, 0.0, 39950009.99)),
    ],
    ids=str,
)
def test_goods_are_summed_and_shipped(arguments, expected, call):
    assert call("calculatePrice", **arguments) == expected


@pytest.mark.parametrize(
    ("service", "fee"), [("standard", 9.99), ("express", 19.99), ("overnight", 39.99)]
)
def test_each_service_has_its_fee_and_no_discount_on_it(service, fee, call):
    found = call(
        "calculatePrice",
        product_ids=["gpu"],
        shipping_service=service,
        loyalty_tier="gold",
        promotion_code="all",
    )

    assert found == price(300.0, 300.0, fee, shipping=fee)


@pytest.mark.parametrize(
    ("tier", "discount", "total"),
    [
        ("none", 0.0, 49.94),
        ("silver", 2.0, 47.94),  # 1.9975, the tier is found by its name
        ("gold", 4.0, 45.95),  # 3.995 and 45.945, each rounded half up
        ("platinum", 0.0, 49.94),  # a tier that the world does not describe takes off nothing
    ],
)
def test_a_tier_takes_off_the_rate_of_its_row(tier, discount, total, call):
    expected = price(39.95, discount, total)

    assert call("calculatePrice", product_ids=["mouse"], loyalty_tier=tier) == expected


def test_a_rounded_figure_is_never_rounded_again(call):
    """0.15 less 0.015 is 0.135: rounded discounts would give 0.13 and 10.12."""
    found = call("calculatePrice", product_ids=["cable"], quantities=[3], loyalty_tier="gold")

    assert found == price(0.15, 0.02, 10.13)


@pytest.mark.parametrize(
    ("code", "tier", "discount"),
    [
        ("TEN", "none", 34.0),
        ("ten", "none", 34.0),
        ("TEN", "gold", 64.59),  # 33.995 + a tenth of 305.955
        ("FIVE", "none", 5.0),
        ("FIVE", "gold", 39.0),
        ("DEAL", "none", 67.99),
        ("DEAL", "gold", 67.99),  # it does not stack: the larger alone
        ("TINY", "gold", 34.0),  # it does not stack: the tier alone
        ("TINY", "none", 3.4),
        ("GPUS", "none", 150.0),
        ("GPUS", "gold", 169.0),  # 33.995 + half of 270
        ("MICE", "none", 39.95),  # never more than its goods cost
        ("MICE", "gold", 69.95),  # 33.995 + 35.955: never more than what is left of them
        ("ALL", "gold", 339.95),
        ("PART", "none", 30.0),
        ("BIG", "none", 10.0),
        ("TWO", "none", 7.99),  # a product or a category of it is enough
        ("straße", "none", 1.0),
        ("again", "none", 1.0),  # of two campaigns the one that runs
        ("BEGINS", "none", 2.0),
        ("ENDS", "none", 3.0),
    ],
)
def test_a_promotion_is_taken_off(code, tier, discount, call):
    arguments = {"loyalty_tier": tier, "promotion_code": code}

    found = call("calculatePrice", product_ids=["gpu", "mouse"], **arguments)

    assert (found["subtotal"], found["discount"]) == (339.95, discount)
    assert found["total"] == pytest.approx(339.95 - discount + 9.99, abs=0.011)


def test_a_total_is_made_of_exact_figures(call):
    found = call(
        "calculatePrice", product_ids=["gpu", "mouse"], loyalty_tier="gold", promotion_code="TEN"
    )

    assert found == price(339.95, 64.59, 285.35)  # 275.3595 + 9.99


@pytest.mark.parametrize(
    ("code", "products", "error", "message"),
    [
        ("NOPE", ["gpu"], "not_found", "there is no promotion with the code 'NOPE'"),
        ("TEN ", ["gpu"], "not_found", "'TEN '"),
        ("HIDDEN", ["gpu"], "not_found", "'HIDDEN'"),
        ("OVER", ["gpu"], "conflict", f"runs from 2025-08-01T00:00:00Z to {BEFORE_CLOCK}"),
        ("SOON", ["gpu"], "conflict", f"runs from {AFTER_CLOCK} to 2025-10-01"),
        ("GPUS", ["mouse"], "conflict", "promotion GPUS is for gpu only"),
        ("TWO", ["gpu"], "conflict", "promotion TWO is for cable, mouse only"),
        ("PART", ["gpu"], "conflict", "promotion PART needs mouse as well"),
        ("PART", ["set"], "conflict", "promotion PART is for gpu, mouse only"),
        ("MUCH", ["gpu", "mouse"], "conflict", "of goods that it is for; these are 39.95"),
        (
            "BIG",
            ["mouse"],
            "conflict",
            "needs 300.0 USD or more of goods that it is for; these are 39.95",
        ),
    ],
)
def test_a_promotion_that_cannot_be_used_says_why(code, products, error, message, call):
    found = call("calculatePrice", product_ids=products, promotion_code=code)["error"]

    assert (found["code"], found["field"]) == (error, "promotion_code")
    assert message in found["message"]


def test_a_minimum_is_met_before_any_discount(call):
    found = call("calculatePrice", product_ids=["gpu"], loyalty_tier="gold", promotion_code="BIG")

    assert found == price(300.0, 40.0, 269.99)


@pytest.mark.parametrize("value", [-5.0, 0.0])
@pytest.mark.parametrize("kind", ["percent", "fixed"])
def test_a_promotion_never_makes_goods_dearer(kind, value):
    promotion = {"odd": make_promotion("ODD", kind, value)}
    world = WorldState(from_document(document({**ENTITIES, "promotion": promotion})))
    tool = world.snapshot.company.tools["calculatePrice"]

    assert tool.call(world, {"product_ids": ["gpu"], "promotion_code": "odd"})["discount"] == 0


@pytest.mark.parametrize(("rate", "discount"), [(5.0, 300.0), (-0.5, 0.0), (1, 300.0)])
def test_a_rate_takes_off_nothing_to_all(rate, discount):
    tiers = {"gold": {**ENTITIES["loyalty_tier"]["gold"], "discountRate": rate}}
    world = WorldState(from_document(document({**ENTITIES, "loyalty_tier": tiers})))
    tool = world.snapshot.company.tools["calculatePrice"]

    found = tool.call(world, {"product_ids": ["gpu"], "loyalty_tier": "gold"})

    assert found["discount"] == discount


def test_goods_that_cost_more_than_an_amount_can_be_are_refused():
    products = {"dear": make_product("Dear", price=9_999_999_999.99)}
    world = WorldState(from_document(document({**ENTITIES, "product": products})))
    tool = world.snapshot.company.tools["calculatePrice"]

    with pytest.raises(Exception, match=r"cost more than 9999999999.99 USD") as refused:
        tool.call(world, {"product_ids": ["dear"]})
    assert refused.value.code == "invalid_argument"


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({}, "invalid_argument", "product_ids"),
        ({"product_ids": []}, "invalid_argument", "product_ids"),
        ({"product_ids": "gpu"}, "invalid_argument", "product_ids"),
        ({"product_ids": ["gpu", ""]}, "invalid_argument", "product_ids.1"),
        ({"product_ids": ["gpu", "ghost"]}, "not_found", "product_ids"),
        ({"product_ids": ["future"]}, "not_found", "product_ids"),
        ({"product_ids": ["gpu"], "quantities": [1, 2]}, "invalid_argument", "quantities"),
        ({"product_ids": ["gpu", "mouse"], "quantities": [1]}, "invalid_argument", "quantities"),
        ({"product_ids": ["gpu"], "quantities": []}, "invalid_argument", "quantities"),
        ({"product_ids": ["gpu"], "quantities": [0]}, "invalid_argument", "quantities.0"),
        ({"product_ids": ["gpu"], "quantities": [1_000_001]}, "invalid_argument", "quantities.0"),
        ({"product_ids": ["gpu"], "quantities": [1.0]}, "invalid_argument", "quantities.0"),
        ({"product_ids": ["gpu"], "loyalty_tier": "bronze"}, "invalid_argument", "loyalty_tier"),
        ({"product_ids": ["gpu"], "promotion_code": ""}, "invalid_argument", "promotion_code"),
        (
            {"product_ids": ["gpu"], "shipping_service": "drone"},
            "invalid_argument",
            "shipping_service",
        ),
    ],
    ids=str,
)
def test_a_price_that_cannot_be_calculated(arguments, code, field, call):
    error = call("calculatePrice", **arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)


def test_the_port_spells_it_in_its_own_way(call, world):
    found = call(
        "calculate_price",
        productIds=["gpu", "mouse"],
        quantities=[1, 1],
        loyaltyTier="gold",
        promotionCode="TEN",
        shippingService="standard",
    )

    assert found["total"] == 285.35
    assert world.changes == []


def test_the_clock_decides_and_not_the_day():
    assert BEFORE_CLOCK < NOW < AFTER_CLOCK
