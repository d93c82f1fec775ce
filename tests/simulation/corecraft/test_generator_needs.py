"""The generated company holds what tasks need, and is untidy where its manifest says."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from simulation.environments.corecraft import generator
from simulation.environments.corecraft.generator.catalogue import catalogue
from simulation.environments.corecraft.generator.densities import DENSITIES, Density
from simulation.environments.corecraft.generator.fit import conflicts
from simulation.environments.corecraft.generator.mismatches import cheapest_repair

from .generated import (
    OUTSTANDING,
    ROWS,
    WORLD,
    cents,
    days,
    noted,
    price,
    purchases,
)


def sold_by_month() -> dict[tuple[str, str], set[str]]:
    sold = defaultdict(set)
    for key, order in ROWS["order"].items():
        for line in order["lineItems"]:
            sold[line["productId"], order["createdAt"][:7]].add(key)
    return {pair: orders for pair, orders in sold.items() if len(orders) > 10}


def test_thirty_products_sell_more_than_ten_times_in_a_month() -> None:
    busy = sold_by_month()
    august = {product: orders for (product, month), orders in busy.items() if month == "2025-08"}
    orders = {key: ROWS["order"][key] for keys in august.values() for key in keys}

    assert len({product for product, _ in busy}) >= 30
    assert len(august) >= 10
    assert len({order["status"] for order in orders.values()}) == 8
    assert all(len({ROWS["order"][key]["status"] for key in keys}) > 2 for keys in august.values())
    for hour in ("2025-08-01T00", "2025-08-31T23"):
        edge = {key for key, order in orders.items() if order["createdAt"].startswith(hour)}
        assert len(edge) >= 3
    assert (
        sum(order["createdAt"].startswith("2025-07-31T23") for order in ROWS["order"].values()) > 1
    )


def test_orders_grow_denser_and_peak_in_november() -> None:
    months = Counter(order["createdAt"][:7] for order in ROWS["order"].values())
    assert months["2024-11"] > 2 * max(months["2024-10"], months["2024-12"])
    assert months["2024-03"] < months["2024-09"] < months["2025-05"] < months["2025-07"]


def test_july_has_forty_refunds_in_every_status() -> None:
    july = [r for r in ROWS["refund"].values() if r["createdAt"].startswith("2025-07")]
    august = [r for r in july if r.get("processedAt", "").startswith("2025-08")]

    assert len(july) >= 40
    assert {r["status"] for r in july} == {"pending", "approved", "denied", "processed", "failed"}
    assert len(august) >= 8


def test_sixty_urgent_tickets_are_outstanding_fifteen_of_loyal_customers() -> None:
    tickets = list(ROWS["support_ticket"].values())
    tier = {key: person["loyaltyTier"] for key, person in ROWS["customer"].items()}
    urgent = [t for t in tickets if t["status"] in OUTSTANDING and t["priority"] == "high"]
    loyal = [t for t in urgent if tier[t["customerId"]] in ("gold", "platinum")]
    settled = {t["customerId"] for t in tickets if t["status"] not in OUTSTANDING}

    assert len(urgent) == 60
    assert len(loyal) == 15
    assert any(t["customerId"] in settled for t in loyal)
    assert {t["status"] for t in loyal} == OUTSTANDING


def test_tickets_are_followed_by_orders_within_thirty_days_and_just_outside() -> None:
    orders, inside, outside = purchases(), 0, 0
    for ticket in ROWS["support_ticket"].values():
        later = [at for at in orders[ticket["customerId"]] if at > ticket["createdAt"]]
        gap = days(ticket["createdAt"], min(later)) if later else 999
        inside, outside = inside + (gap <= 30), outside + (31 <= gap <= 35)
    assert inside >= 40
    assert outside >= 20
    assert inside == len(noted("followed_within_30_days"))
    assert outside == len(noted("followed_just_outside"))


def test_machines_cost_more_and_less_than_the_parts_of_their_builds() -> None:
    for key, product in ROWS["product"].items():
        if product["category"] in ("prebuilt", "workstation"):
            build = ROWS["build"][product["specs"]["prebuilt"]["baseBuildId"]]
            parts = sum((price(part) for part in build["componentIds"]), Decimal(0))
            assert (key in noted("parts_cost_more")) is (parts > price(key)), key
            assert (key in noted("parts_cost_less")) is (parts < price(key)), key
    assert len(noted("parts_cost_more")) >= 12
    assert len(noted("parts_cost_less")) >= 12


def test_a_bundle_costs_its_parts_less_its_discount() -> None:
    for key, product in ROWS["product"].items():
        if product["category"] == "bundle":
            specs = product["specs"]["bundle"]
            full = sum(
                (price(part["componentId"]) * part["qty"] for part in specs["components"]),
                Decimal(0),
            )
            value = Decimal(str(specs["discount"]["value"]))
            off = full * value / 100 if specs["discount"]["type"] == "percent" else value
            assert price(key) == cents(full - off), key


def test_parcels_are_in_every_status_and_some_are_late() -> None:
    shipments = list(ROWS["shipment"].values())
    late = [s for s in shipments if s["status"] == "delivered" and s["events"][-1]["at"] > s["eta"]]
    overdue = [s for s in shipments if s["status"] == "in_transit" and s["eta"] < generator.NOW]

    assert len({s["status"] for s in shipments}) == 6
    assert sum(s["status"] == "lost" for s in shipments) >= 8
    assert len(late) >= 30
    assert len(overdue) >= 5


def test_only_the_listed_orders_have_parts_that_do_not_fit() -> None:
    listed = noted("incompatible_parts")
    assert len(listed) == 25
    for key, order in ROWS["order"].items():
        products = [catalogue().get(line["productId"]) for line in order["lineItems"]]
        inside = [
            part
            for each in products
            for part in (catalogue().parts_of(each) if each.parts else [each])
        ]
        assert bool(conflicts(inside)) is (key in listed), key
        if key in listed:
            assert cheapest_repair(products, catalogue())


def test_recalled_supplies_were_sold_inside_and_outside_the_period() -> None:
    sold = [
        order["createdAt"][:10]
        for order in ROWS["order"].values()
        if any(line["productId"] == "embervolt-forge-850" for line in order["lineItems"])
    ]
    inside = [date for date in sold if "2025-06-01" <= date <= "2025-07-20"]
    assert len(inside) >= 8
    assert len(sold) - len(inside) >= 3


def test_every_entry_of_the_manifest_names_a_row() -> None:
    assert WORLD.manifest == sorted(WORLD.manifest, key=lambda row: tuple(row.values()))
    assert all(row["id"] in ROWS[row["type"]] for row in WORLD.manifest)


@pytest.mark.parametrize("density", DENSITIES, ids=lambda density: density.name)
def test_the_manifest_lists_enough_of(density: Density) -> None:
    listed = {(row["type"], row["id"]) for row in WORLD.manifest if row["noise"] == density.name}

    assert len(listed) >= density.least, density.counted
    assert {entity_type for entity_type, _ in listed} == {density.entity_type}


@pytest.mark.parametrize(
    ("noise", "least"),
    [
        ("brand_spelled_two_ways", 6),
        ("brand_written_differently", 9),
        ("delivered_but_paid", 6),
        ("wrong_type", 8),
        ("duplicate_customer", 16),
        ("missing_phone", 10),
        ("superseded_policy", 1),
        ("deprecated_article", 3),
        ("same_name", 12),
        ("writer_only_in_prose", 10),
        ("return_in_plain_words", 10),
        ("found_by_product_only", 8),
    ],
)
def test_noise_does_not_grow_rarer_by_asking_for_less(noise: str, least: int) -> None:
    assert len(noted(noise)) >= least


def test_the_manifest_lists_nothing_that_is_not_explained() -> None:
    assert {row["noise"] for row in WORLD.manifest} == {density.name for density in DENSITIES}


def test_what_tasks_need_is_counted_as_the_rows_say() -> None:
    tickets, refunds = ROWS["support_ticket"], ROWS["refund"]
    august = {p for (p, month), _ in sold_by_month().items() if month == "2025-08"}

    assert noted("sold_often_in_august_2025") == august
    assert noted("sold_often_in_a_month") == {product for product, _ in sold_by_month()}
    assert noted("type_other") == {k for k, t in tickets.items() if t["ticketType"] == "other"}
    assert noted("created_in_july_2025") == {
        key for key, refund in refunds.items() if refund["createdAt"].startswith("2025-07")
    }
    assert noted("urgent_and_outstanding") == {
        key
        for key, ticket in tickets.items()
        if ticket["priority"] == "high" and ticket["status"] in OUTSTANDING
    }
    assert noted("lost") == {k for k, s in ROWS["shipment"].items() if s["status"] == "lost"}


def test_noise_is_where_the_manifest_says() -> None:
    people, policies = ROWS["customer"], ROWS["company_policy"]
    phoneless = {key for key, person in people.items() if "phone" not in person}
    superseded = {key for key, policy in policies.items() if "supersededById" in policy}
    birthdays = Counter(
        (people[key]["dateOfBirth"], people[key]["addresses"][0]["line1"])
        for key in noted("duplicate_customer")
    )
    names = Counter(people[key]["name"] for key in noted("same_name"))

    assert noted("missing_phone") == phoneless
    assert noted("superseded_policy") == superseded
    assert set(birthdays.values()) == {2}
    assert set(names.values()) == {2}


def test_brands_are_spelled_two_ways_in_the_catalogue() -> None:
    brands = {product["brand"] for product in ROWS["product"].values()}
    assert {"NorthVale", "Northvale", "QuietWerk", "Quiet Werk"} <= brands
    assert all(p["name"].startswith(f"{p['brand']} ") for p in ROWS["product"].values())
    written = " ".join(
        ROWS["support_ticket"][key]["body"] for key in noted("brand_written_differently")
    )
    assert all(name in written for name in ("Sky Forge", "Vortex Labs", "Ember Volt"))


def test_twenty_five_tickets_are_other_and_ten_of_them_returns_without_the_word() -> None:
    other = {k: t for k, t in ROWS["support_ticket"].items() if t["ticketType"] == "other"}
    assert len(other) >= 25
    for key in noted("return_in_plain_words"):
        assert "return" not in (other[key]["subject"] + other[key]["body"]).lower()
