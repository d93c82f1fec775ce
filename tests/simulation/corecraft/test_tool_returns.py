"""processReturn on whole histories of orders."""

import pytest

from simulation.snapshots import from_document
from simulation.state import WorldState

from .shop import AFTER_CLOCK, CUSTOMERS, ENTITIES, NOW, SNAPSHOT, changes, line
from .worlds import document

PARTLY, FULLY = "partially_refunded", "refunded"


@pytest.fixture(scope="module")
def snapshot():
    return SNAPSHOT


def back(*items):
    return [{"product_id": product, "qty": qty} for product, qty in items]


@pytest.fixture
def take_back(call):
    def take_back(order_id, *items, **others):
        arguments = {"order_id": order_id, "lines": back(*items), "reason": "customer_remorse"}
        return call("processReturn", **arguments | others)

    return take_back


GPU, MOUSE = ("gpu", 1), ("mouse", 1)
HISTORIES = [
    ("plain", [([MOUSE], 39.95, PARTLY)]),
    ("plain", [([GPU], 300.0, PARTLY), ([GPU, MOUSE], 339.95, FULLY)]),
    ("plain", [([("gpu", 2), MOUSE], 639.95, FULLY)]),
    ("plain", [([GPU, GPU], 600.0, PARTLY), ([MOUSE], 39.95, FULLY)]),
    ("plain", [([("gpu", 3)], "conflict", None), ([("gpu", 2)], 600.0, PARTLY)]),
    ("plain", [([MOUSE], 39.95, PARTLY), ([MOUSE], "conflict", None)]),
    ("plain", [([("set", 1)], "conflict", None)]),
    ("gold", [([MOUSE], 35.96, PARTLY), ([("mouse", 2)], 71.91, PARTLY)]),
    ("gold", [([("gpu", 2), ("mouse", 3)], 647.87, FULLY)]),
    ("split", [([("mouse", 2)], 79.9, PARTLY), ([MOUSE, GPU], 339.95, FULLY)]),
    ("split", [([MOUSE, MOUSE, MOUSE], 119.85, PARTLY), ([MOUSE], "conflict", None)]),
    ("split", [([("mouse", 4)], "conflict", None)]),
    ("bundled", [([GPU], "conflict", None), ([("set", 1)], 320.0, FULLY)]),
    ("ten", [([GPU], 243.0, PARTLY), ([MOUSE], 32.36, FULLY)]),
    ("ten", [([GPU, MOUSE], 275.36, FULLY)]),
    ("cut", [([MOUSE], 39.95, PARTLY), ([GPU], 150.0, FULLY)]),
    ("dealt", [([MOUSE], 39.95, PARTLY), ([GPU], 150.0, FULLY)]),  # the tier gave way
    ("gone", [([GPU], 270.0, PARTLY), ([MOUSE], 35.96, FULLY)]),
    ("free", [([MOUSE], "conflict", None)]),
    ("cancelled", [([MOUSE], 39.95, FULLY)]),
    ("tried", [([("mouse", 3)], "conflict", None), ([("mouse", 2)], 79.9, FULLY)]),
    ("waived", [([("mouse", 2)], "conflict", None), ([MOUSE], "conflict", None)]),
    ("cents", [([("cable", 1)], 0.05, PARTLY), ([("cable", 1)], 0.05, PARTLY),
               ([("cable", 1)], 0.04, FULLY)]),
    ("twins", [([("left", 2)], 40.0, PARTLY), ([("left", 1)], 20.0, FULLY),
               ([("right", 1)], "conflict", None)]),  # by SKU nobody can tell twins apart
    ("twins", [([("right", 2)], "conflict", None), ([("left", 2), ("right", 1)], 60.0, FULLY)]),
    ("hidden", [([MOUSE], 39.95, PARTLY)]),
    ("refused", [([MOUSE], "conflict", None)]),
    ("unpaid", [([MOUSE], "conflict", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("order_id", "steps"), HISTORIES, ids=str)
def test_a_history_of_returns(order_id, steps, take_back, world):
    for items, expected, status in steps:
        before = world.hash()
        found = take_back(order_id, *items)
        if status is None:
            assert found["error"]["code"] == expected
            assert found["error"]["field"] in ("lines", "order_id")
            assert world.hash() == before
        else:
            assert found["refund"]["amount"] == expected
            assert (found["order"]["status"], found["payment"]["status"]) == (status, status)


def test_all_that_changes_row_by_row(take_back, world):
    found = take_back("gold", ("mouse", 1), ("gpu", 1), ticket_id="tick-250902-001")

    assert changes(world) == {
        "gold": {"status": ("fulfilled", PARTLY), "updatedAt": (None, NOW)},
        "pay-gold": {"status": ("captured", PARTLY)},
        "ref-250915-001": {
            "id": "ref-250915-001",
            "paymentId": "pay-gold",
            "ticketId": "tick-250902-001",
            "amount": 305.96,
            "reason": "customer_remorse",
            "status": "approved",
            "lines": [
                {"sku": "MOU", "qty": 1, "amount": 35.96},
                {"sku": "GPU", "qty": 1, "amount": 270.0},
            ],
            "createdAt": NOW,
        },
    }
    assert found == {
        "refund": world.get("refund", "ref-250915-001"),
        "order": world.get("order", "gold"),
        "payment": world.get("payment", "pay-gold"),
    }


def test_a_promotions_share_is_in_the_lines_too(take_back):
    refund = take_back("cut", ("gpu", 1), ("mouse", 1))["refund"]

    assert refund["lines"] == [
        {"sku": "GPU", "qty": 1, "amount": 150.0},
        {"sku": "MOU", "qty": 1, "amount": 39.95},
    ]


def test_everything_back_is_all_that_was_paid_but_shipping(take_back):
    assert take_back("ten", ("gpu", 1), ("mouse", 1))["refund"]["amount"] == 295.35 - 19.99


@pytest.mark.parametrize(
    "reason", ["customer_remorse", "defective", "incompatible", "shipping_issue", "other"]
)
def test_every_reason_is_kept(reason, take_back):
    assert take_back("plain", MOUSE, reason=reason)["refund"]["reason"] == reason


def test_the_thirty_days_are_policy_and_not_the_tools(take_back, world):
    world.update("order", "plain", {"createdAt": "2020-01-01T00:00:00Z"})

    assert take_back("plain", MOUSE)["refund"]["status"] == "approved"


@pytest.mark.parametrize("status", ["pending", "paid", "backorder", "refund_requested", "refunded"])
def test_no_status_of_a_paid_order_stands_in_the_way(status, take_back, world):
    world.update("order", "plain", {"status": status})

    assert take_back("plain", MOUSE)["order"]["status"] == PARTLY


def test_a_refund_that_is_denied_later_can_be_asked_for_again(take_back, world):
    first = take_back("plain", MOUSE)["refund"]
    world.update("refund", first["id"], {"status": "denied"})

    assert take_back("plain", MOUSE)["refund"]["amount"] == 39.95


def test_a_promotions_goods_are_those_of_the_time_of_the_order(take_back, world):
    """Two campaigns had the code: the one of today would have made the mouse cheaper."""
    world.update("promotion", "gpus", {"endsAt": "2025-09-10T00:00:00Z"})
    fields = {**world.get("promotion", "mice"), "code": "gpus", "startsAt": "2025-09-11T00:00:00Z"}
    del fields["id"]
    world.create("promotion", fields, key="later")

    assert take_back("cut", MOUSE)["refund"]["amount"] == 39.95


def test_an_order_without_shipping_was_shipped_for_the_standard_fee(take_back, world):
    world.update("order", "ten", {"shipping": None})
    world.update("payment", "pay-ten", {"amount": 285.35})

    assert take_back("ten", GPU, MOUSE)["refund"]["amount"] == 275.36


def test_an_account_opened_after_the_clock_has_no_tier():
    late = {**CUSTOMERS["gus-gold-2"], "createdAt": AFTER_CLOCK}
    customers = {**CUSTOMERS, "gus-gold-2": late}
    world = WorldState(from_document(document({**ENTITIES, "customer": customers})))
    tool = world.snapshot.company.tools["processReturn"]

    found = tool.call(world, {"order_id": "gold", "lines": [line("mouse")], "reason": "other"})

    assert found["refund"]["amount"] == 39.95


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"order_id": "ghost"}, "not_found", "order_id"),
        ({"order_id": None}, "invalid_argument", "order_id"),
        ({"ticket_id": "tick-0"}, "not_found", "ticket_id"),
        ({"ticket_id": ""}, "invalid_argument", "ticket_id"),
        ({"lines": back(("ghost", 1))}, "not_found", "lines"),
        ({"lines": back(("future", 1))}, "not_found", "lines"),
        ({"lines": []}, "invalid_argument", "lines"),
        ({"lines": None}, "invalid_argument", "lines"),
        ({"lines": back(("mouse", 0))}, "invalid_argument", "lines.0.qty"),
        ({"lines": back(("mouse", -1))}, "invalid_argument", "lines.0.qty"),
        ({"lines": back(("mouse", True))}, "invalid_argument", "lines.0.qty"),
        ({"lines": [{"product_id": "mouse"}]}, "invalid_argument", "lines.0.qty"),
        ({"lines": [{"qty": 1}]}, "invalid_argument", "lines.0.product_id"),
        ({"lines": [line("mouse") | {"price": 1}]}, "invalid_argument", "lines.0.price"),
        ({"reason": "regret"}, "invalid_argument", "reason"),
        ({"reason": None}, "invalid_argument", "reason"),
    ],
    ids=str,
)
def test_a_return_that_cannot_be_made_leaves_no_trace(arguments, code, field, call, world):
    good = {"order_id": "plain", "lines": back(MOUSE), "reason": "other"}

    error = call("processReturn", **good | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


@pytest.mark.parametrize(
    ("order_id", "items", "message"),
    [
        ("plain", [("mouse", 2)], "2 of mouse cannot come back: 1 ordered, 0 returned before"),
        ("tried", [("mouse", 4)], "4 of mouse cannot come back: 4 ordered, 2 returned before"),
        ("plain", [("set", 1)], "set is not on order plain; on it are gpu, mouse"),
        ("unpaid", [MOUSE], "nothing was paid for order unpaid: it has no payment"),
        ("refused", [MOUSE], "pay-refused-2 is pending, pay-refused is failed"),
        ("waived", [MOUSE], "39.95 USD are more than the 39.89 USD that are left of payment"),
        ("free", [MOUSE], "nothing was paid for these goods"),
    ],
)
def test_a_conflict_says_what_is_in_the_way(order_id, items, message, take_back):
    assert message in take_back(order_id, *items)["error"]["message"]


def test_the_port_spells_it_in_its_own_way(call):
    found = call("process_return", orderId="plain", lines=[line("mouse")], reason="other")

    assert found["refund"]["amount"] == 39.95


def test_a_code_that_took_off_nothing_changes_nothing(take_back, world):
    """The tier was larger than the promotion, which does not stack."""
    world.update("order", "gold", {"promotionCode": "TINY"})

    assert take_back("gold", MOUSE)["refund"]["amount"] == 35.96


def test_what_was_really_paid_counts_and_not_what_a_promotion_says(take_back, world):
    world.update("payment", "pay-cut", {"amount": 249.94})

    assert take_back("cut", GPU)["refund"]["amount"] == 200.0
    assert take_back("cut", MOUSE)["refund"]["amount"] == 39.95


@pytest.mark.parametrize("amount", [0.0, 5.0, 9.99])
@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_nothing_comes_back_where_no_more_than_shipping_was_paid(amount, rate, take_back, world):
    world.update("loyalty_tier", "gold", {"discountRate": rate})
    world.update("payment", "pay-ten", {"amount": amount})

    error = take_back("ten", GPU)["error"]

    assert (error["code"], error["field"]) == ("conflict", "lines")
    assert "nothing was paid for these goods" in error["message"]


def test_the_rounding_of_a_payment_does_not_reach_the_refund(take_back, world):
    """By the rule 34.15725; by what 44.2266, paid as 44.23, leaves of the promotion 34.1509."""
    fields = {"customerId": "sil-silver-3", "lineItems": [line("cable", 2), line("mouse")]}
    world.update("order", "ten", {**fields, "shipping": None})
    world.update("payment", "pay-ten", {"amount": 44.23})

    assert take_back("ten", MOUSE)["refund"]["amount"] == 34.16


def test_where_both_discounts_are_equal_the_tier_counts(take_back, world):
    """Of 320 USD the tier takes 32, spread over all goods; the promotion would spare the twin."""
    world.update("promotion", "deals", {"value": 32.0})
    world.update("order", "dealt", {"lineItems": [line("gpu"), line("left")]})
    world.update("payment", "pay-dealt", {"amount": 297.99})

    assert take_back("dealt", ("left", 1))["refund"]["amount"] == 18.0


def test_a_payment_marked_as_refunded_still_holds_what_was_not_given_back(take_back, world):
    world.update("payment", "pay-plain", {"status": "refunded"})

    assert take_back("plain", MOUSE)["refund"]["amount"] == 39.95
