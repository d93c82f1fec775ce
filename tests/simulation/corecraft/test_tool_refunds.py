import pytest

EARLY, PROCESSED, DENIED, PENDING = (
    "ref-250701-001",
    "ref-250731-001",
    "ref-250801-001",
    "ref-250901-001",
)


def test_refunds_come_newest_first(ids):
    assert ids("searchRefunds") == [PENDING, DENIED, PROCESSED, EARLY]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"refund_id": DENIED}, [DENIED]),
        ({"payment_id": "pay-250731-001"}, [PROCESSED, EARLY]),
        ({"order_id": "ord-250801-001"}, [DENIED]),
        ({"order_id": "ord-250901-001"}, []),
        ({"order_id": "ord-250801-001", "payment_id": "pay-250731-001"}, []),
        ({"ticket_id": "tick-250905-001"}, [PROCESSED]),
        ({"status": "denied"}, [DENIED]),
        ({"status": ["denied", "pending"]}, [PENDING, DENIED]),
        ({"reason": "other"}, [PROCESSED]),
        ({"reason": ["other", "incompatible"]}, [PROCESSED]),
        ({"min_amount": 19.99}, [PENDING, DENIED]),
        ({"max_amount": 10}, [PROCESSED, EARLY]),
        ({"min_amount": 5.01, "max_amount": 19.99}, [DENIED, PROCESSED]),
        ({"created_after": "2025-07-31"}, [PENDING, DENIED, PROCESSED]),
        ({"created_after": "2025-07-01", "created_before": "2025-07-31"}, [PROCESSED, EARLY]),
        ({"processed_after": "2025-08-01", "processed_before": "2025-08-01"}, [PROCESSED]),
        ({"processed_after": "2025-08-01"}, [DENIED, PROCESSED]),
        ({"processed_before": "2025-08-02"}, [DENIED, PROCESSED]),
        ({"status": "approved", "processed_before": "2025-12-31"}, []),
        ({"payment_id": "pay-250731-001", "status": "processed", "reason": "other"}, [PROCESSED]),
    ],
    ids=str,
)
def test_conditions_on_refunds(conditions, found, ids):
    assert ids("searchRefunds", **conditions) == found


@pytest.mark.parametrize(
    ("customer_id", "found"),
    [
        ("anna-gross-10001", [DENIED, PROCESSED, EARLY]),
        ("carl-zed-10004", [PENDING]),
        ("ben-ito-10002", []),
        ("nobody", []),
    ],
)
def test_a_refund_is_its_payers_or_where_none_is_named_the_orderers(customer_id, found, ids):
    assert ids("searchRefunds", customer_id=customer_id) == found


def test_a_customers_refunds_of_one_order(ids):
    conditions = {"customer_id": "anna-gross-10001", "order_id": "ord-250801-001"}

    assert ids("searchRefunds", **conditions) == [DENIED]
