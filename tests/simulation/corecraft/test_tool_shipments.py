import pytest

from .worlds import AFTER_CLOCK, SHIPMENTS, make_shipment, snapshot_with

ORDER = "ord-250801-001"
LOST, MOVING, LABEL, DONE, TWIN = (
    "ship-250802-001",
    "ship-250803-001",
    "ship-250901-001",
    "ship-250902-001",
    "ship-250902-002",
)
OTHERS = {
    LABEL: make_shipment(
        "ord-250901-001",
        "2025-09-01T23:59:59.5Z",
        carrier="usps_ground",
        status="label_created",
        trackingNumber="US 42",
    ),
    DONE: make_shipment(
        "ord-250901-002",
        "2025-09-02T00:00:00Z",
        carrier="fedex_express",
        status="delivered",
        trackingNumber="FX7",
        events=[{"at": "2025-09-02T00:00:00Z", "status": "delivered", "location": "Austin, TX"}],
    ),
    TWIN: make_shipment(
        "ord-250901-002",
        "2025-09-02T00:00:00Z",
        carrier="fedex_overnight",
        status="out_for_delivery",
        trackingNumber="FX70",
    ),
    "ship-250915-001": make_shipment("ord-250901-001", AFTER_CLOCK, status="exception"),
}


@pytest.fixture(scope="module")
def snapshot():
    return snapshot_with(shipment={**SHIPMENTS, **OTHERS})


def test_shipments_come_newest_first_then_by_id(ids):
    assert ids("searchShipments") == [DONE, TWIN, LABEL, MOVING, LOST]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"shipment_id": LOST}, [LOST]),
        ({"shipment_id": "ship-250802"}, []),
        ({"order_id": ORDER}, [MOVING, LOST]),
        ({"tracking_number": "FX7"}, [DONE]),
        ({"tracking_number": "1Z001"}, [MOVING, LOST]),
        ({"tracking_number": "FX"}, []),
        ({"tracking_number": "US 42"}, [LABEL]),
        ({"tracking_number": "us 42"}, []),
        ({"carrier": "usps_ground"}, [LABEL]),
        ({"carrier": "fedex_express"}, [DONE]),
        ({"carrier": ["ups_ground", "fedex_overnight"]}, [TWIN, MOVING, LOST]),
        ({"status": "lost"}, [LOST]),
        ({"status": "label_created"}, [LABEL]),
        ({"status": ["delivered", "out_for_delivery"]}, [DONE, TWIN]),
        ({"status": "in_transit"}, [MOVING]),
        ({"status": "exception"}, []),
        ({"created_after": "2025-09-02"}, [DONE, TWIN]),
        ({"created_before": "2025-09-01", "created_after": "2025-09-01"}, [LABEL]),
        ({"created_before": "2025-09-01T23:59:59Z"}, [MOVING, LOST]),
        ({"created_before": "2025-08-02T00:00:00Z"}, [LOST]),
        ({"order_id": ORDER, "status": "lost", "carrier": "ups_ground"}, [LOST]),
        ({"order_id": ORDER, "status": "delivered"}, []),
        ({"carrier": "ups_ground", "limit": 1}, [MOVING]),
    ],
    ids=str,
)
def test_conditions_on_shipments(conditions, found, ids):
    assert ids("searchShipments", **conditions) == found


def test_a_found_shipment_comes_with_its_events(call):
    assert call("searchShipments", shipment_id=DONE) == [{"id": DONE, **OTHERS[DONE]}]


def test_a_changed_shipment_is_found_by_its_new_number(ids, world):
    world.update("shipment", LOST, {"trackingNumber": "NEW1", "status": "exception"})

    assert ids("searchShipments", tracking_number="NEW1", status="exception") == [LOST]
    assert ids("searchShipments", tracking_number="1Z001") == [MOVING]
