import pytest

from .shop import NOW, SNAPSHOT, changes


@pytest.fixture(scope="module")
def snapshot():
    return SNAPSHOT


def test_a_claim_awaits_review(call, world):
    row = call(
        "createWarrantyClaim",
        product_id="mouse",
        order_id="gold",
        reason="defect",
        notes="The left button clicks twice.",
    )

    assert row == {
        "id": "claim-250915-001",
        "productId": "mouse",
        "orderId": "gold",
        "customerId": "gus-gold-2",
        "reason": "defect",
        "status": "pending_review",
        "notes": "The left button clicks twice.",
        "createdAt": NOW,
    }
    assert changes(world) == {"claim-250915-001": row}


@pytest.mark.parametrize("reason", ["defect", "malfunction"])
@pytest.mark.parametrize("order_id", ["unpaid", "cancelled", "plain"])
def test_whether_a_claim_is_justified_is_policy(reason, order_id, call):
    row = call("createWarrantyClaim", product_id="mouse", order_id=order_id, reason=reason)

    assert row["reason"] == reason
    assert "notes" not in row


def test_a_bundle_is_claimed_as_it_was_ordered(call):
    def claim(product_id):
        arguments = {"product_id": product_id, "order_id": "bundled", "reason": "defect"}
        return call("createWarrantyClaim", **arguments)

    assert claim("set")["productId"] == "set"
    assert claim("gpu")["error"] == {
        "code": "conflict",
        "message": "gpu is not on order bundled; on it are set",
        "field": "product_id",
    }


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"product_id": "ghost"}, "not_found", "product_id"),
        ({"product_id": "future"}, "not_found", "product_id"),
        ({"product_id": "chip"}, "conflict", "product_id"),
        ({"product_id": None}, "invalid_argument", "product_id"),
        ({"order_id": "ghost"}, "not_found", "order_id"),
        ({"order_id": None}, "invalid_argument", "order_id"),
        ({"reason": "broken"}, "invalid_argument", "reason"),
        ({"reason": None}, "invalid_argument", "reason"),
        ({"notes": ""}, "invalid_argument", "notes"),
    ],
    ids=str,
)
def test_a_claim_that_cannot_be_made_leaves_no_trace(arguments, code, field, call, world):
    good = {"product_id": "mouse", "order_id": "plain", "reason": "defect"}

    error = call("createWarrantyClaim", **good | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []
