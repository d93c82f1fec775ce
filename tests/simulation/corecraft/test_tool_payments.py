import pytest

from .worlds import AFTER_CLOCK, PAYMENTS, make_payment, snapshot_with

ANNA, BEN, CARL = "anna-gross-10001", "ben-ito-10002", "carl-zed-10004"
JULY, FAILED, AUGUST, CARLS, PAYPAL, BANK = (
    "pay-250731-001",
    "pay-250801-001",
    "pay-250801-002",
    "pay-250831-001",
    "pay-250901-001",
    "pay-250901-002",
)
OTHERS = {
    PAYPAL: make_payment(
        "ord-250901-001",
        "2025-09-01T00:00:00Z",
        method="paypal",
        status="partially_refunded",
        processedAt="2025-09-01T23:59:59.75Z",
    ),
    BANK: make_payment(
        "ord-250901-002",
        "2025-09-01T00:00:00Z",
        method="bank_transfer",
        status="pending",
        customerId=BEN,
        processedAt="2025-09-02T00:00:00Z",
    ),
    "pay-250915-001": make_payment("ord-250901-001", AFTER_CLOCK, method="apple_pay"),
}


@pytest.fixture(scope="module")
def snapshot():
    return snapshot_with(payment={**PAYMENTS, **OTHERS})


def test_payments_come_newest_first_then_by_id(ids):
    assert ids("searchPayments") == [PAYPAL, BANK, CARLS, AUGUST, FAILED, JULY]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"payment_id": FAILED}, [FAILED]),
        ({"payment_id": "pay-2508"}, []),
        ({"order_id": "ord-250801-001"}, [AUGUST, FAILED]),
        ({"order_id": "ord-0"}, []),
        ({"order_id": "ord-250801-001", "payment_id": FAILED}, [FAILED]),
        ({"order_id": "ord-250801-001", "payment_id": JULY}, []),
        ({"customer_id": CARL, "order_id": "ord-250831-001"}, [CARLS]),
        ({"method": "paypal"}, [PAYPAL]),
        ({"method": ["paypal", "bank_transfer"]}, [PAYPAL, BANK]),
        ({"method": "google_pay"}, []),
        ({"method": "apple_pay"}, []),
        ({"status": "failed"}, [FAILED]),
        ({"status": ["failed", "pending"]}, [BANK, FAILED]),
        ({"status": "partially_refunded"}, [PAYPAL]),
        ({"status": "refunded"}, []),
        ({"created_after": "2025-08-31"}, [PAYPAL, BANK, CARLS]),
        (
            {"created_after": "2025-08-01T00:01:01Z", "created_before": "2025-08-31"},
            [CARLS, AUGUST],
        ),
        ({"created_before": "2025-07-31"}, [JULY]),
        ({"created_before": "2025-07-31T23:59:58Z"}, []),
        ({"processed_after": "2025-09-01"}, [PAYPAL, BANK]),
        ({"processed_before": "2025-09-01"}, [PAYPAL]),
        ({"processed_after": "2025-09-02"}, [BANK]),
        ({"processed_after": "2025-09-02T00:00:00.5Z"}, []),
        ({"processed_before": "2025-09-01T23:59:59.7Z"}, []),
        ({"order_id": "ord-250801-001", "status": "captured", "method": "card"}, [AUGUST]),
        ({"method": "card", "limit": 2}, [CARLS, AUGUST]),
    ],
    ids=str,
)
def test_conditions_on_payments(conditions, found, ids):
    assert ids("searchPayments", **conditions) == found


@pytest.mark.parametrize(
    ("customer_id", "found"),
    [
        (ANNA, [AUGUST, FAILED, JULY]),
        (CARL, [CARLS]),
        (BEN, [PAYPAL, BANK]),
        ("ben-ito-10003", []),
        ("nobody", []),
    ],
)
def test_a_payment_is_its_payers_or_where_none_is_named_the_orderers(customer_id, found, ids):
    assert ids("searchPayments", customer_id=customer_id) == found


def test_a_found_payment_is_the_whole_row(call):
    assert call("searchPayments", payment_id=PAYPAL) == [{"id": PAYPAL, **OTHERS[PAYPAL]}]


def test_a_changed_payment_is_found_by_its_new_status(ids, world):
    world.update("payment", JULY, {"status": "refunded"})

    assert ids("searchPayments", status="refunded") == [JULY]
    assert ids("searchPayments", status="captured") == [CARLS, AUGUST]
