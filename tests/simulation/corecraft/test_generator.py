"""The generated company keeps its own rules in every row."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from simulation import text
from simulation.environments import environment
from simulation.environments.corecraft import generator
from simulation.values import pluck

from .generated import (
    FEES,
    OUTSTANDING,
    PREFIXES,
    REFUNDS,
    ROWS,
    SERVICES,
    SHIPMENTS,
    SKUS,
    WORLD,
    canonical,
    cents,
    days,
    goods,
    newest_payment,
    noted,
    paid_for,
)


def test_the_world_has_its_types_and_sizes() -> None:
    counts = {kind: len(rows) for kind, rows in ROWS.items()}

    assert 3500 <= sum(counts.values()) <= 5000
    assert len(counts) == 21
    assert counts["loyalty_tier"] == 4
    assert counts["employee"] >= 45
    assert counts["company_policy"] >= 20
    assert counts["knowledge_base_article"] >= 45
    assert counts["product"] >= 190
    assert counts["build"] >= 200
    assert counts["inventory_level"] >= 2 * counts["product"]
    assert counts["promotion"] >= 25


@pytest.mark.parametrize("kind", ROWS)
def test_rows_are_what_the_models_accept_and_point_at_rows(kind: str) -> None:
    entity_type = environment("corecraft").entity_types[kind]

    for key, row in ROWS[kind].items():
        assert entity_type.check(row) == dict(sorted(row.items())), key
        for path, target in entity_type.references:
            assert set(pluck(row, path)) <= set(ROWS[target]), key


@pytest.mark.parametrize(("kind", "prefix"), PREFIXES.items())
def test_ids_count_the_rows_of_a_day_in_time_order(kind: str, prefix: str) -> None:
    latest = defaultdict(str)
    for key, row in sorted(ROWS[kind].items()):
        number = sum(other.startswith(key[:-3]) and other <= key for other in ROWS[kind])
        assert key == f"{prefix}-{row['createdAt'][2:10].replace('-', '')}-{number:03d}"
        assert row["createdAt"] >= latest[key[:-4]]
        latest[key[:-4]] = row["createdAt"]


def test_people_and_things_have_readable_ids() -> None:
    assert all(re.fullmatch(r"[a-z-]+-\d{5}", key) for key in ROWS["customer"])
    assert all(re.fullmatch(r"[a-z-]+", key) for key in ROWS["employee"])
    assert generator.AGENT_EMPLOYEE_ID in ROWS["employee"]


def test_nothing_is_later_than_the_clock_or_older_than_the_history() -> None:
    moments = re.findall(r'"(\d{4}-\d\d-\d\dT[^"]*)"', json.dumps(ROWS["order"]))
    for kind in ("customer", "payment", "refund", "support_ticket", "resolution"):
        moments += [v for row in ROWS[kind].values() for k, v in row.items() if k.endswith("At")]
    moments += [event["at"] for row in ROWS["shipment"].values() for event in row["events"]]
    past = [
        moment for moment in moments if not moment.endswith("T23:59:59Z")
    ]  # an ETA may lie ahead

    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment in moments)
    assert min(past) >= "2024-03-01T00:00:00Z"
    assert max(past) <= generator.NOW


def test_a_payment_is_goods_less_discount_plus_shipping() -> None:
    for payment in ROWS["payment"].values():
        order = ROWS["order"][payment["orderId"]]
        exact = goods(order) + Decimal(FEES[order["shipping"]["service"]])
        assert Decimal(str(payment["amount"])) == cents(exact)
        assert payment["customerId"] == order["customerId"]


def test_a_refund_is_its_lines_less_discount_and_never_more_than_was_bought() -> None:
    for refund in ROWS["refund"].values():
        order = ROWS["order"][ROWS["payment"][refund["paymentId"]]["orderId"]]
        bought = {line["productId"]: line["qty"] for line in order["lineItems"]}
        exact = Decimal(0)
        for line in refund["lines"]:
            unit = paid_for(order, SKUS[line["sku"]])
            assert Decimal(str(line["amount"])) == cents(unit)
            assert line["qty"] <= bought[SKUS[line["sku"]]]
            exact += unit * line["qty"]
        assert Decimal(str(refund["amount"])) == cents(exact.quantize(Decimal("1e-9")))


def test_refunds_stay_within_what_was_paid() -> None:
    for order_id, refunds in REFUNDS.items():
        counted = [r["amount"] for r in refunds if r["status"] not in ("denied", "failed")]
        total = sum((Decimal(str(amount)) for amount in counted), Decimal(0))
        assert total <= Decimal(str(newest_payment(order_id)["amount"]))


def test_money_back_follows_the_return_period() -> None:
    for order_id, refunds in REFUNDS.items():
        for refund in refunds:
            paid_back = refund["status"] in ("approved", "processed")
            if paid_back and refund["reason"] in ("customer_remorse", "incompatible"):
                asked = min(each["createdAt"] for each in refunds)  # a failed one may be repeated
                assert days(ROWS["order"][order_id]["createdAt"], asked) <= 30


def test_refunds_are_processed_exactly_when_they_say_so() -> None:
    for refund in ROWS["refund"].values():
        assert ("processedAt" in refund) is (refund["status"] == "processed")
        assert refund.get("processedAt", generator.NOW) >= refund["createdAt"]


def test_the_carrier_fixes_the_service() -> None:
    for shipment in ROWS["shipment"].values():
        shipping = ROWS["order"][shipment["orderId"]]["shipping"]
        assert shipping["carrier"].lower().replace(" ", "_") == shipment["carrier"]
        assert shipping["service"] == SERVICES[shipment["carrier"]]
        assert shipping["eta"] == shipment["eta"]
        if shipping["carrier"] == "USPS Ground":
            assert shipping["address"]["country"] == "US"


def test_parcels_end_with_their_last_event() -> None:
    for shipment in ROWS["shipment"].values():
        moments = [event["at"] for event in shipment["events"]]
        assert moments == sorted(moments)
        assert moments[0] == shipment["createdAt"]
        assert shipment["events"][-1]["status"] == shipment["status"]


def order_status(order_id: str) -> str:
    """Tell the status from payments, parcels and refunds, by the rules of the policy."""
    refunds, payment = REFUNDS[order_id], newest_payment(order_id)
    shipments = SHIPMENTS[order_id]
    back = Counter()
    for refund in refunds:
        if refund["status"] in ("approved", "processed"):
            back.update({line["sku"]: line["qty"] for line in refund["lines"]})
    if back:
        bought = sum(line["qty"] for line in ROWS["order"][order_id]["lineItems"])
        return "refunded" if back.total() >= bought else "partially_refunded"
    if any(refund["status"] in ("pending", "failed") for refund in refunds):
        return "refund_requested"
    if payment["status"] == "pending":
        return "pending"
    moved = any(shipment["status"] != "label_created" for shipment in shipments)
    return "fulfilled" if moved else "paid"


def test_statuses_of_orders_payments_parcels_and_refunds_agree() -> None:
    for order_id, order in ROWS["order"].items():
        payment, expected = newest_payment(order_id), order_status(order_id)
        if order["status"] == "cancelled":
            assert not SHIPMENTS[order_id]
            assert payment["status"] in ("failed", "refunded")
        elif order["status"] == "backorder":
            assert expected == "paid"
            stocks = [
                ROWS["product"][line["productId"]]["inventory"] for line in order["lineItems"]
            ]
            assert any(not stock["inStock"] and stock["backorderable"] for stock in stocks)
        elif order_id in noted("delivered_but_paid"):
            assert (order["status"], expected) == ("paid", "fulfilled")
            assert SHIPMENTS[order_id][0]["status"] == "delivered"
        else:
            assert order["status"] == expected, order_id
        if expected in ("refunded", "partially_refunded"):
            assert payment["status"] == expected
        elif order["status"] not in ("pending", "cancelled"):
            assert payment["status"] == "captured"


def test_an_account_is_older_than_its_orders_but_for_the_listed() -> None:
    early = {
        key
        for key, order in ROWS["order"].items()
        if order["createdAt"] < ROWS["customer"][order["customerId"]]["createdAt"]
    }
    assert early == noted("order_before_account")
    assert len(early) == 5


def test_tickets_are_assigned_and_closed_as_their_status_says() -> None:
    for key, ticket in ROWS["support_ticket"].items():
        status = ticket["status"]
        assert ("assignedEmployeeId" in ticket) is (status != "new"), key
        assert ("resolutionId" in ticket) is (status == "resolved"), key
        assert ("closureReason" in ticket) is (status not in OUTSTANDING), key
        assert ticket["updatedAt"] >= ticket["createdAt"]
        if ticket.get("closureReason") == "customer_abandoned":
            assert days(ticket["createdAt"], ticket["updatedAt"]) >= 10


def test_resolutions_and_tickets_point_at_each_other() -> None:
    for key, resolution in ROWS["resolution"].items():
        ticket = ROWS["support_ticket"][resolution["ticketId"]]
        assert ticket["resolutionId"] == key
        assert ticket["closureReason"] == "resolved_success"
        assert ticket["createdAt"] <= resolution["createdAt"] == ticket["updatedAt"]
        linked = resolution.get("linkedRefundId")
        assert (linked is not None) is (resolution["outcome"] == "refund_issued")
        if linked:
            assert ROWS["refund"][linked]["ticketId"] == resolution["ticketId"]
            assert ROWS["refund"][linked]["createdAt"] <= resolution["createdAt"]
            by = ROWS["employee"][resolution["resolvedById"]]
            assert "issue_refund" in by["permissions"]


def test_tickets_are_about_the_orders_of_their_customer() -> None:
    for ticket in ROWS["support_ticket"].values():
        if "orderId" in ticket:
            order = ROWS["order"][ticket["orderId"]]
            assert order["customerId"] == ticket["customerId"]
            assert order["createdAt"] <= ticket["createdAt"]
    for refund in ROWS["refund"].values():
        if "ticketId" in refund:
            ticket = ROWS["support_ticket"][refund["ticketId"]]
            assert ticket["orderId"] == ROWS["payment"][refund["paymentId"]]["orderId"]
            assert ticket["createdAt"] <= refund["createdAt"]


def test_few_employees_may_issue_refunds() -> None:
    allowed = [e for e in ROWS["employee"].values() if "issue_refund" in e["permissions"]]
    assert 4 <= len(allowed) <= 8
    assert "issue_refund" in ROWS["employee"][generator.AGENT_EMPLOYEE_ID]["permissions"]


def test_addresses_of_mail_and_numbers_are_nobody_s() -> None:
    people = list(ROWS["customer"].values())
    assert len({person["email"] for person in people}) == len(people)
    assert all(re.search(r"@([a-z]+\.)?example\.(com|org|net)$", p["email"]) for p in people)
    assert all(re.search(r" 555-01\d\d$", p["phone"]) for p in people if "phone" in p)


def digest_elsewhere(**surroundings: str) -> str:
    """Generate in another process and give the hash of what came out."""
    script = (
        "import hashlib, json\n"
        "from simulation.environments.corecraft.generator import generate\n"
        "world = generate()\n"
        "text = json.dumps([world.entities, world.manifest], sort_keys=True)\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env=os.environ | surroundings | {"PYTHONPATH": str(root)},
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("hash_seed", "place", "time_zone"),
    [("0", "C", "UTC"), ("12345", "C.UTF-8", "Pacific/Auckland")],
)
def test_the_same_seed_gives_the_same_bytes_in_another_process(
    hash_seed: str, place: str, time_zone: str
) -> None:
    digest = digest_elsewhere(PYTHONHASHSEED=hash_seed, LC_ALL=place, TZ=time_zone)

    assert digest == hashlib.sha256(canonical(WORLD)).hexdigest()


def test_another_seed_and_another_size_give_another_world() -> None:
    other, small = generator.generate(seed=8), generator.generate(size=0.2)

    assert other.entities["order"] != ROWS["order"]
    assert other.entities["product"] == ROWS["product"]
    assert 0.15 < len(small.entities["order"]) / len(ROWS["order"]) < 0.3
    assert len(small.entities["employee"]) == len(ROWS["employee"])


def test_the_shipped_data_are_those_of_their_version() -> None:
    """Whoever changes a row raises VERSION: a world that is published under a number stays."""
    content = hashlib.sha256(text.canonical(ROWS)).hexdigest()

    assert (generator.VERSION, content) == (
        "2",
        "50dfab6ceddcd0b3382d33fe3843615e4c50fa22c92b50acdbef17c7d6b3c720",
    )
