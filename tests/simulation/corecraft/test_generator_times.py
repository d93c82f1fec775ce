"""Time runs forward in the rows of worlds of several seeds and sizes."""

import re
from collections import defaultdict

import pytest

from simulation.environments.corecraft import generator

from .generated import WORLD, Row

World = generator.GeneratedWorld
SCANS = ["label_created", "in_transit", "exception", "out_for_delivery", "delivered"]


@pytest.fixture(scope="module", params=["7/1", "13/1", "7/0.1", "21/2"])
def world(request: pytest.FixtureRequest) -> World:
    seed, size = request.param.split("/")
    if request.param == "7/1":
        return WORLD
    return generator.generate(seed=int(seed), size=float(size))


def of_order(world: World, kind: str) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in world.entities[kind].values():
        found[row["orderId"]].append(row)
    return found


def listed(world: World, noise: str) -> set[str]:
    return {row["id"] for row in world.manifest if row["noise"] == noise}


def arrival(parcels: list[Row]) -> str:
    events = (event for parcel in parcels for event in parcel["events"])
    return next((event["at"] for event in events if event["status"] == "delivered"), "never")


def test_no_row_is_younger_than_the_clock_or_changed_before_it_was_made(world: World) -> None:
    for rows in world.entities.values():
        for key, row in rows.items():
            assert row.get("createdAt", "") <= generator.NOW, key
            assert row.get("createdAt", "") <= row.get("updatedAt", generator.NOW), key
            assert row.get("updatedAt", "") <= generator.NOW, key
            assert row.get("processedAt", "") <= generator.NOW, key


def test_nothing_is_paid_before_it_is_ordered_or_sent_before_it_is_paid(world: World) -> None:
    payments, parcels = of_order(world, "payment"), of_order(world, "shipment")
    for key, order in world.entities["order"].items():
        *failed, last = sorted(payments[key], key=lambda payment: str(payment["createdAt"]))
        assert all(payment["status"] == "failed" for payment in failed), key
        for payment in payments[key]:
            assert order["createdAt"] <= payment["createdAt"], key
            assert payment["createdAt"] <= payment.get("processedAt", generator.NOW), key
            assert ("processedAt" in payment) is (payment["status"] != "pending"), key
        for parcel in parcels[key]:
            assert last["status"] not in ("pending", "failed"), key
            assert last["processedAt"] <= parcel["createdAt"] < parcel["eta"], key


def test_a_parcel_is_labelled_moved_brought_out_and_handed_over_in_this_order(
    world: World,
) -> None:
    for key, parcel in world.entities["shipment"].items():
        moments = [event["at"] for event in parcel["events"]]
        statuses = [event["status"] for event in parcel["events"]]
        assert moments == sorted(set(moments)), key
        assert statuses[0] == "label_created", key
        assert "lost" not in statuses[:-1], key
        moved = [SCANS.index(status) for status in statuses if status != "lost"]
        assert moved == sorted(moved), key
        assert "out_for_delivery" in statuses or "delivered" not in statuses, key


def test_nobody_writes_about_a_parcel_before_it_was_sent(world: World) -> None:
    parcels, orders = of_order(world, "shipment"), world.entities["order"]
    for key, ticket in world.entities["support_ticket"].items():
        for order_id in re.findall(r"ord-\d{6}-\d{3,}", ticket["subject"] + ticket["body"]):
            assert orders[order_id]["createdAt"] <= ticket["createdAt"], key
        if "orderId" not in ticket or key in listed(world, "wrong_type"):
            continue
        sent = [parcel["createdAt"] for parcel in parcels[ticket["orderId"]]]
        if ticket["ticketType"] == "shipping":
            assert sent, key
            assert min(sent) <= ticket["createdAt"], key
        if ticket["ticketType"] in ("return", "troubleshooting"):
            assert arrival(parcels[ticket["orderId"]]) <= ticket["createdAt"], key


def test_money_goes_back_after_it_came_and_after_the_goods_arrived(world: World) -> None:
    payments, parcels = world.entities["payment"], of_order(world, "shipment")
    for key, refund in world.entities["refund"].items():
        payment = payments[refund["paymentId"]]
        order = world.entities["order"][payment["orderId"]]
        assert payment["processedAt"] <= refund["createdAt"], key
        of_goods = refund["reason"] in ("customer_remorse", "defective", "incompatible")
        if of_goods and order["status"] != "cancelled":
            assert arrival(parcels[payment["orderId"]]) <= refund["createdAt"], key


def test_accounts_are_older_than_what_is_written_and_built_in_them(world: World) -> None:
    people, builds = world.entities["customer"], world.entities["build"]
    for kind in ("support_ticket", "build"):
        for key, row in world.entities[kind].items():
            if "customerId" in row:
                assert people[row["customerId"]]["createdAt"] <= row["createdAt"], key
    for kind in ("order", "support_ticket"):
        for key, row in world.entities[kind].items():
            if "buildId" in row:
                assert builds[row["buildId"]]["createdAt"] <= row["createdAt"], key


def test_new_tickets_have_not_been_touched(world: World) -> None:
    for key, ticket in world.entities["support_ticket"].items():
        if ticket["status"] == "new":
            assert ticket["createdAt"] == ticket["updatedAt"], key
            assert "assignedEmployeeId" not in ticket, key
