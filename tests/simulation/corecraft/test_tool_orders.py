import pytest

from .worlds import BERLIN, ORDERS

JULY, AUGUST, END_OF_AUGUST, SEPTEMBER, TWIN = (
    "ord-250731-001",
    "ord-250801-001",
    "ord-250831-001",
    "ord-250901-001",
    "ord-250901-002",
)


def test_orders_come_newest_first_then_by_id(ids):
    assert ids("searchOrders") == [SEPTEMBER, TWIN, END_OF_AUGUST, AUGUST, JULY]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"order_id": AUGUST}, [AUGUST]),
        ({"order_id": "ord-250801"}, []),
        ({"customer_id": "anna-gross-10001"}, [AUGUST, JULY]),
        ({"product_id": "zen"}, [AUGUST]),
        ({"product_id": "swift", "customer_id": "anna-gross-10001"}, [JULY]),
        ({"status": "cancelled"}, [END_OF_AUGUST]),
        ({"status": ["cancelled", "fulfilled"]}, [END_OF_AUGUST, AUGUST]),
        ({"status": ["paid"], "product_id": "gale"}, []),
        ({"created_after": "2025-08-01"}, [SEPTEMBER, TWIN, END_OF_AUGUST, AUGUST]),
        ({"created_after": "2025-08-01T00:00:01Z"}, [SEPTEMBER, TWIN, END_OF_AUGUST]),
        ({"created_before": "2025-07-31"}, [JULY]),
        ({"created_after": "2025-08-01", "created_before": "2025-08-31"}, [END_OF_AUGUST, AUGUST]),
        ({"created_before": "2025-08-31T23:59:59Z"}, [AUGUST, JULY]),
        ({"created_after": "2025-09-01T02:00:00+02:00"}, [SEPTEMBER, TWIN]),
        ({"created_after": "2025-09-01", "status": "paid", "limit": 1}, [SEPTEMBER]),
    ],
    ids=str,
)
def test_conditions_on_orders(conditions, found, ids):
    assert ids("searchOrders", **conditions) == found


def test_a_found_order_is_the_whole_row(call):
    [row] = call("searchOrders", order_id=END_OF_AUGUST)

    assert row == {"id": END_OF_AUGUST, **ORDERS[END_OF_AUGUST]}


def test_details_show_the_newest_payment_and_shipment_and_all_tickets(call):
    assert call("getOrderDetails", order_id=AUGUST) == {
        "order": {
            "id": AUGUST,
            "customer_id": "anna-gross-10001",
            "line_items": [{"productId": "gale", "qty": 2}, {"productId": "zen", "qty": 1}],
            "status": "fulfilled",
            "created_at": "2025-08-01T00:00:00Z",
        },
        "payment": {
            "id": "pay-250801-002",
            "amount": 620.5,
            "method": "card",
            "status": "captured",
        },
        "shipment": {
            "id": "ship-250803-001",
            "tracking_number": "1Z001",
            "carrier": "ups_ground",
            "status": "in_transit",
        },
        "customer": {
            "name": "Anna Großmann",
            "email": "anna@mail.example",
            "loyalty_tier": "gold",
        },
        "tickets": [
            {
                "id": "tick-250903-001",
                "subject": "Where is it?",
                "status": "open",
                "createdAt": "2025-09-03T10:00:00Z",
            },
            {
                "id": "tick-250901-001",
                "subject": "Where is it?",
                "status": "open",
                "createdAt": "2025-09-01T00:00:00Z",
            },
        ],
    }


def test_details_leave_out_what_there_is_not(call):
    details = call("getOrderDetails", order_id=TWIN)

    assert sorted(details) == ["customer", "order", "tickets"]
    assert details["tickets"] == []


def test_details_show_all_that_is_known_of_the_order(call):
    assert call("getOrderDetails", order_id=END_OF_AUGUST)["order"] == {
        "id": END_OF_AUGUST,
        "customer_id": "ben-ito-10002",
        "line_items": [{"productId": "swift", "qty": 1}],
        "status": "cancelled",
        "promotion_code": "SUMMER",
        "failure_reason": "card expired",
        "shipping": {
            "address": BERLIN,
            "carrier": "UPS Ground",
            "service": "standard",
            "eta": "2025-09-06T00:00:00Z",
        },
        "created_at": "2025-08-31T23:59:59.5Z",
        "updated_at": "2025-09-01T08:00:00Z",
    }


def test_details_name_the_build_that_was_ordered(call, world):
    world.update("order", JULY, {"buildId": "build-250801-001"})

    assert call("getOrderDetails", order_id=JULY)["order"]["build_id"] == "build-250801-001"


def test_a_status_changes_the_order_alone_and_stamps_it(call, world):
    row = call("updateOrderStatus", order_id=JULY, status="refund_requested")

    assert row == {
        "id": JULY,
        **ORDERS[JULY],
        "status": "refund_requested",
        "updatedAt": world.now,
    }
    assert [(c.id, c.fields) for c in world.diff()] == [
        (JULY, [("status", "paid", "refund_requested"), ("updatedAt", None, world.now)])
    ]


def test_what_policy_forbids_is_still_possible(call):
    assert call("updateOrderStatus", order_id=AUGUST, status="cancelled")["status"] == "cancelled"


def test_a_changed_order_is_found_by_its_new_status(call, ids):
    call("updateOrderStatus", order_id=JULY, status="backorder")

    assert ids("searchOrders", status="backorder") == [JULY]
    assert ids("searchOrders", status="paid") == [SEPTEMBER, TWIN]
    assert ids("searchOrders") == [SEPTEMBER, TWIN, END_OF_AUGUST, AUGUST, JULY]


@pytest.mark.parametrize(
    ("tool", "arguments", "code", "field"),
    [
        ("getOrderDetails", {}, "invalid_argument", "order_id"),
        ("getOrderDetails", {"order_id": "ord-0"}, "not_found", "order_id"),
        ("updateOrderStatus", {"order_id": "ord-0", "status": "paid"}, "not_found", "order_id"),
        ("updateOrderStatus", {"order_id": JULY}, "invalid_argument", "status"),
        ("updateOrderStatus", {"order_id": JULY, "status": "gone"}, "invalid_argument", "status"),
        ("updateOrderStatus", {"order_id": JULY, "status": ["paid"]}, "invalid_argument", "status"),
    ],
    ids=str,
)
def test_an_order_that_cannot_be_shown_or_changed(tool, arguments, code, field, call, world):
    error = call(tool, **arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


@pytest.mark.parametrize(
    "status",
    [
        "pending",
        "paid",
        "fulfilled",
        "cancelled",
        "backorder",
        "refunded",
        "partially_refunded",
        "refund_requested",
    ],
)
def test_every_status_of_an_order(status, call):
    assert call("update_order_status", orderId=JULY, status=status)["status"] == status
