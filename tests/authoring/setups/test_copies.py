"""A row copied with what belongs to it, in the world of the generator."""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from authoring.setups.amounts import corrected
from authoring.setups.belonging import group_of, left
from authoring.setups.copying import Copied, copy_group, newly_broken
from authoring.setups.ground import Ground, SetupLinks, place
from authoring.setups.moments import instants
from authoring.setups.removing import remove_page
from authoring.setups.table import fitting, surprises
from simulation.errors import InvalidArgument
from simulation.integrity.inspecting import broken_by
from simulation.models import World
from simulation.patched import Patched
from simulation.snapshots import Snapshot, from_document
from simulation.state import WorldState
from simulation.values import read_instant
from tests.simulation.corecraft.generated import ROWS, generator

ORDERS = 50
CHANCE = random.Random(5)  # noqa: S311  no secret is made of it


@pytest.fixture(scope="module")
def base() -> Snapshot:
    entities = {
        kind: {key: {n: v for n, v in row.items() if n != "id"} for key, row in rows.items()}
        for kind, rows in ROWS.items()
    }
    return from_document(
        {
            "environment": "corecraft",
            "now": generator.NOW,
            "agentEmployeeId": generator.AGENT_EMPLOYEE_ID,
            "entities": entities,
        },
        frozen=True,
    )


def ground_on(base: Snapshot, *setup: Mapping[str, Any]) -> Ground:
    world = World(slug="corecraft", version=1, environment="corecraft", now=read_instant(base.now))
    placed = tuple(place(WorldState(base), setup))
    changes = [each.applied.change for each in placed if each.applied.change]
    return Ground("copies", world, base, placed, SetupLinks(world, Patched(base, changes), "t", {}))


def copied(ground: Ground, kind: str, key: str, **changed: Any) -> Copied:
    row = ground.links.whole.rows(kind)[key]
    values = {**{n: v for n, v in row.items() if n != "id"}, **changed}
    return copy_group(ground, group_of(ground.links, ground.links.kind(kind), row), values)


def order_with(*kinds: str) -> str:
    """Give an order to which rows of these kinds belong."""
    payments = {key: row["orderId"] for key, row in ROWS["payment"].items()}
    about = {
        "payment": set(payments.values()),
        "shipment": {row["orderId"] for row in ROWS["shipment"].values()},
        "refund": {payments[row["paymentId"]] for row in ROWS["refund"].values()},
    }
    return min(set.intersection(*(about[kind] for kind in kinds)))


def test_fifty_orders_with_their_dependents_break_no_rule(base):
    setup: list[Mapping[str, Any]] = []
    renamed: dict[tuple[str, str], str] = {}
    for key in CHANCE.sample(sorted(ROWS["order"]), ORDERS):
        found = copied(ground_on(base, *setup), "order", key)
        assert found.problems == ()
        setup += found.operations
        renamed |= found.renamed

    changes = [each.applied.change for each in place(WorldState(base), setup)]
    new = {(kind, key): original for (kind, original), key in renamed.items()}
    untidy = {(f.rule, f.entity_type, f.id) for f in broken_by(base, (), renamed.keys())}
    broken = [
        finding.line
        for finding in broken_by(base, [c for c in changes if c], new.keys())
        if (finding.rule, finding.entity_type, new[finding.entity_type, finding.id]) not in untidy
    ]

    assert len(renamed) > 2 * ORDERS
    assert broken == []


def test_other_goods_for_somebody_else_are_paid_as_they_cost(base):
    customers = sorted(ROWS["customer"], key=lambda key: ROWS["customer"][key]["createdAt"])
    for key in CHANCE.sample(sorted(ROWS["order"]), 3):
        lines = [{"productId": CHANCE.choice(sorted(ROWS["product"])), "qty": 3}]
        found = copied(ground_on(base), "order", key, lineItems=lines, customerId=customers[0])

        assert found.problems == ()
        rules = {f.rule for f in newly_broken(ground_on(base), found)}
        assert rules <= {"accounts_are_older_than_orders"}, found.operations
        assert all(f.get("customerId", customers[0]) == customers[0] for f in fields_of(found))


def fields_of(found: Copied) -> list[Mapping[str, Any]]:
    return [each["fields"] for each in found.operations]


def test_what_is_computed_would_not_fit_without(base):
    lines = [{"productId": min(ROWS["product"]), "qty": 7}]
    ground, key = ground_on(base), order_with("payment")

    found = copied(ground, "order", key, lineItems=lines)

    assert any("amount is computed" in note for note in found.notes)
    assert {each.rule for each in newly_broken(ground, found)} == set()
    paid = next(each for each in found.operations if each["entity_type"] == "payment")
    uncorrected = {**paid, "fields": {**paid["fields"], "amount": 1.23}}
    setup = [uncorrected if each is paid else each for each in found.operations]
    changes = [each.applied.change for each in place(WorldState(base), setup)]
    broken = broken_by(base, [c for c in changes if c], {("payment", paid["id"])})
    assert [each.rule for each in broken] == ["payments_are_what_the_order_costs"]


def test_references_lead_to_the_copies_and_codes_are_new(base):
    key = order_with("payment", "shipment", "refund")

    found = copied(ground_on(base), "order", key)

    made = {each["entity_type"]: each for each in found.operations}
    assert made["payment"]["fields"]["orderId"] == made["order"]["id"]
    assert made["refund"]["fields"]["paymentId"] in {
        each["id"] for each in found.operations if each["entity_type"] == "payment"
    }
    tracked = made["shipment"]["fields"]["trackingNumber"]
    assert tracked not in {row["trackingNumber"] for row in ROWS["shipment"].values()}
    ids = {each["id"] for each in found.operations}
    assert not ids & set().union(*(rows.keys() for rows in ROWS.values()))
    assert made["order"]["id"][:10] == key[:10], "numbered by its own date"


def instants_of(company, kind, row):
    return [text for _, text in instants(company, kind, dict(sorted(row.items())))]


def test_dates_move_together(base):
    key = order_with("payment", "shipment")
    before = ROWS["order"][key]["createdAt"]
    day_before = f"{before[:8]}{int(before[8:10]) - 1 or 1:02d}{before[10:]}"
    moved = read_instant(day_before) - read_instant(before)

    found = copied(ground_on(base), "order", key, createdAt=day_before)

    new = {(kind, name): original for (kind, original), name in found.renamed.items()}
    for each in found.operations:
        kind = base.company.entity_types[each["entity_type"]]
        old = ROWS[kind.name][new[kind.name, each["id"]]]
        pairs = zip(
            instants_of(base.company, kind, old),
            instants_of(base.company, kind, each["fields"]),
            strict=True,
        )
        assert all(read_instant(late) + moved == read_instant(early) for late, early in pairs)


def test_nothing_moves_past_the_clock(base):
    with pytest.raises(InvalidArgument, match=r"createdAt: at the latest 20.* clock"):
        copied(ground_on(base), "order", order_with("shipment"), createdAt=base.now)


def test_what_does_not_go_along_takes_with_it_what_belongs_to_it(base):
    links = ground_on(base).links
    row = links.whole.rows("order")[order_with("payment", "refund")]
    members = group_of(links, links.kind("order"), row)

    kept = left(members, {m.place for m in members if m.kind.name != "payment"})

    assert {member.kind.name for member in members} >= {"order", "payment", "refund"}
    assert not {member.kind.name for member in kept} & {"payment", "refund"}


def test_a_promotion_that_does_not_run_then_is_left_out(base):
    coded = {key: row for key, row in ROWS["order"].items() if "promotionCode" in row}
    key = min(coded, key=lambda each: coded[each]["createdAt"])
    ground = ground_on(base)

    found = copied(ground, "order", key, createdAt="2022-01-03T10:00:00Z")

    order, *others = found.operations
    assert "promotionCode" not in order["fields"]
    assert f"order {order['id']}: promotion code is computed" in found.notes
    assert order["id"].startswith("ord-220103-")
    rules = {each.rule for each in newly_broken(ground, found)}
    assert rules <= {"accounts_are_older_than_orders"}
    assert others


def test_refunds_of_what_was_not_bought_keep_their_share_alone(base):
    payments = {key: row["orderId"] for key, row in ROWS["payment"].items()}
    key = next(
        payments[row["paymentId"]]
        for row in ROWS["refund"].values()
        if row.get("lines") and row["status"] == "processed"
    )
    lines = [{"productId": max(ROWS["product"]), "qty": 2}]
    ground = ground_on(base)

    found = copied(ground, "order", key, lineItems=lines)

    refunds = [o["fields"] for o in found.operations if o["entity_type"] == "refund"]
    assert refunds
    assert all("lines" not in refund for refund in refunds)
    assert [*newly_broken(ground, found)] == []


def test_amounts_are_made_to_fit_what_the_setup_changes(base):
    key = order_with("payment")
    lines = [{"productId": min(ROWS["product"]), "qty": 9}]
    setup = [{"op": "update", "entity_type": "order", "id": key, "fields": {"lineItems": lines}}]
    ground = ground_on(base, *setup)
    broken = surprises(ground)
    assert {each.rule for each in broken} >= {"payments_are_what_the_order_costs"}

    fixed = corrected(setup, fitting(ground, broken))

    assert len(fixed) > 1
    rules = {each.rule for each in surprises(ground_on(base, *fixed))}
    assert "payments_are_what_the_order_costs" not in rules


def test_an_order_is_removed_with_what_belongs_to_it(base):
    ground = ground_on(base)
    kind, about = (
        ground.links.kind("order"),
        {row.get("orderId") for row in ROWS["support_ticket"].values()},
    )
    key = min(row["orderId"] for row in ROWS["shipment"].values() if row["orderId"] not in about)

    page = remove_page(ground, kind, ground.links.whole.rows("order")[key])

    assert {link.kind for link in page.members} == {"order", "payment", "shipment"}
    crowded = ground.links.whole.rows("product")[min(ROWS["product"])]
    assert remove_page(ground, ground.links.kind("product"), crowded).members == ()


def test_a_circle_of_references_is_closed_by_an_update(base):
    key = next(key for key, row in ROWS["support_ticket"].items() if "resolutionId" in row)

    found = copied(ground_on(base), "support_ticket", key)

    assert found.problems == ()
    ticket, *_, last = found.operations
    assert "resolutionId" not in ticket["fields"]
    assert (last["op"], last["id"]) == ("update", ticket["id"])
    assert last["fields"]["resolutionId"] in {o["id"] for o in found.operations}


def test_a_customer_takes_along_what_is_theirs_alone(base):
    owners = [row["customerId"] for row in ROWS["order"].values()]
    key = next(each for each in sorted(ROWS["customer"]) if owners.count(each) == 1)

    found = copied(ground_on(base), "customer", key)

    kinds = {each["entity_type"] for each in found.operations}
    assert {"customer", "order"} <= kinds
    assert not {"product", "employee"} & kinds
    new = found.operations[0]
    assert new["fields"]["email"] != ROWS["customer"][key]["email"]
    assert all(f.get("customerId", new["id"]) == new["id"] for f in fields_of(found))
