"""updatePaymentStatus and createRefund: each changes its own row and no other."""

import pytest

from .shop import NOW, PAYMENTS, SNAPSHOT, changes

STATUSES = ["pending", "captured", "failed", "refunded", "partially_refunded"]


@pytest.fixture(scope="module")
def snapshot():
    return SNAPSHOT


@pytest.fixture
def refund(call):
    def refund(amount, payment_id="pay-plain", **others):
        arguments = {"payment_id": payment_id, "amount": amount, "reason": "other"}
        return call("createRefund", **arguments | others)

    return refund


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_changes_the_payment_alone(status, call, world):
    row = call("updatePaymentStatus", payment_id="pay-plain", status=status)

    assert row == {"id": "pay-plain", **PAYMENTS["pay-plain"], "status": status}
    assert changes(world).get("pay-plain", {}) == (
        {} if status == "captured" else {"status": ("captured", status)}
    )
    assert {(c.entity_type, c.id) for c in world.changes} == {("payment", "pay-plain")}


@pytest.mark.parametrize("status", STATUSES)
def test_a_pending_payment_is_processed_when_it_is_captured_or_fails(status, call):
    row = call("updatePaymentStatus", payment_id="pay-refused-2", status=status)

    assert row.get("processedAt") == (NOW if status in ("captured", "failed") else None)


def test_a_reason_is_kept_and_stays(call):
    reason = {"failure_reason": "Card declined."}
    row = call("updatePaymentStatus", payment_id="pay-plain", status="failed", **reason)
    again = call("updatePaymentStatus", payment_id="pay-plain", status="captured")

    assert (row["failureReason"], again["failureReason"]) == ("Card declined.", "Card declined.")


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"payment_id": "pay-0"}, "not_found", "payment_id"),
        ({"payment_id": ""}, "invalid_argument", "payment_id"),
        ({"payment_id": None}, "invalid_argument", "payment_id"),
        ({"status": "paid"}, "invalid_argument", "status"),
        ({"status": None}, "invalid_argument", "status"),
        ({"failure_reason": ""}, "invalid_argument", "failure_reason"),
        ({"failure_reason": "x" * 100_001}, "invalid_argument", "failure_reason"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_payment_that_cannot_be_changed(arguments, code, field, call, world):
    good = {"payment_id": "pay-plain", "status": "failed"}

    error = call("updatePaymentStatus", **good | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


def test_a_refund_is_pending_and_changes_nothing_else(refund, world):
    row = refund(39.95)

    assert row == {
        "id": "ref-250915-001",
        "paymentId": "pay-plain",
        "amount": 39.95,
        "reason": "other",
        "status": "pending",
        "createdAt": NOW,
    }
    assert changes(world) == {"ref-250915-001": row}


def test_a_refund_holds_what_is_said_of_it(refund):
    lines = [{"sku": "GPU", "qty": 2, "amount": 150.0}, {"sku": "MOU", "qty": 1, "amount": 0}]

    row = refund(300, ticket_id="tick-250902-001", lines=lines, reason="defective")

    assert row["ticketId"] == "tick-250902-001"
    assert row["lines"] == lines
    assert row["reason"] == "defective"


@pytest.mark.parametrize(
    "reason", ["customer_remorse", "defective", "incompatible", "shipping_issue", "other"]
)
def test_every_reason_of_a_refund(reason, refund):
    assert refund(1, reason=reason)["reason"] == reason


@pytest.mark.parametrize("status", ["pending", "approved", "denied", "processed", "failed"])
def test_only_a_processed_refund_is_paid_out_now(status, refund):
    row = refund(1, status=status)

    assert row["status"] == status
    assert row.get("processedAt") == (NOW if status == "processed" else None)


@pytest.mark.parametrize(
    ("payment_id", "left"),
    [
        ("pay-plain", 649.94),
        ("pay-tried-2", 129.84),  # denied and failed refunds do not count, pending ones do
        ("pay-waived", 39.89),
        ("pay-refused", 49.94),  # whether it was captured is policy
    ],
)
def test_no_more_than_what_is_left_can_be_refunded(payment_id, left, refund, world):
    over = round(left + 0.01, 2)
    error = refund(over, payment_id)["error"]

    assert (error["code"], error["field"]) == ("conflict", "amount")
    assert f"{over} USD are more than the {left} USD that are left" in error["message"]
    assert world.changes == []
    assert refund(left, payment_id)["amount"] == left
    assert refund(0.01, payment_id)["error"]["code"] == "conflict"


def test_a_refused_refund_leaves_what_is_left(refund):
    refund(649.94, status="denied")
    refund(649.94, status="failed")

    assert refund(649.94, status="approved")["amount"] == 649.94


def test_lines_count_as_returned(refund, call):
    refund(39.95, lines=[{"sku": "MOU", "qty": 1, "amount": 39.95}])
    again = {"order_id": "plain", "lines": [{"product_id": "mouse", "qty": 1}], "reason": "other"}

    assert "1 returned before" in call("processReturn", **again)["error"]["message"]


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"payment_id": "pay-0"}, "not_found", "payment_id"),
        ({"payment_id": None}, "invalid_argument", "payment_id"),
        ({"amount": 0}, "invalid_argument", "amount"),
        ({"amount": -1}, "invalid_argument", "amount"),
        ({"amount": 0.005}, "invalid_argument", "amount"),
        ({"amount": 1e12}, "invalid_argument", "amount"),
        ({"amount": "10"}, "invalid_argument", "amount"),
        ({"amount": True}, "invalid_argument", "amount"),
        ({"amount": None}, "invalid_argument", "amount"),
        ({"reason": "regret"}, "invalid_argument", "reason"),
        ({"reason": None}, "invalid_argument", "reason"),
        ({"status": "open"}, "invalid_argument", "status"),
        ({"ticket_id": "tick-0"}, "not_found", "ticket_id"),
        ({"lines": [{"sku": "NIX", "qty": 1, "amount": 1}]}, "not_found", "lines"),
        ({"lines": [{"sku": "NEW", "qty": 1, "amount": 1}]}, "not_found", "lines"),
        ({"lines": [{"sku": "MOU", "qty": 0, "amount": 1}]}, "invalid_argument", "lines.0.qty"),
        ({"lines": [{"sku": "MOU", "qty": 1, "amount": -1}]}, "invalid_argument", "lines.0.amount"),
        ({"lines": [{"sku": "MOU", "qty": 1}]}, "invalid_argument", "lines.0.amount"),
        ({"lines": {}}, "invalid_argument", "lines"),
    ],
    ids=str,
)
def test_a_refund_that_cannot_be_made_leaves_no_trace(arguments, code, field, refund, world):
    error = refund(**{"amount": 10} | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


def test_the_schema_shows_the_bounds_of_an_amount():
    schema = SNAPSHOT.company.tools["createRefund"].schema["properties"]

    assert schema["amount"]["exclusiveMinimum"] == 0
    assert schema["lines"]["items"]["properties"]["amount"]["minimum"] == 0


def test_an_amount_with_too_many_places_is_told_so(refund):
    assert "at most two decimal places" in refund(0.005)["error"]["message"]


def test_the_port_spells_it_in_its_own_way(call):
    assert call("create_refund", paymentId="pay-plain", amount=1, reason="other")["amount"] == 1
