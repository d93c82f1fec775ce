"""CoreCraft's own rules: a tidy world keeps them all, and each notices what breaks it."""

from collections import Counter
from typing import Any

import pytest

from simulation.environments import environment
from simulation.environments.corecraft.checks.fit import (
    builds_that_do_not_fit,
    orders_that_do_not_fit,
    with_one_cheapest_repair,
)
from simulation.integrity.existence import RULES as ENGINE
from simulation.integrity.inspecting import inspect
from simulation.integrity.inspection import Inspection
from simulation.snapshots import from_document

from .breaches import BREACHES, EARLY, ORDER, PAYMENT, TICKET
from .full_world import ENTITIES as FULL
from .generated import ROWS, WORLD, noted
from .tidy_world import change, tidy
from .worlds import document

CHECKS = environment("corecraft").checks
RULES = {rule.name: rule for rule in CHECKS.rules}


def snapshot_of(rows: dict[str, Any], agent: str = "bo-lead"):
    return from_document(document(rows, agent=agent), frozen=True)


def places(rule: str, changes: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = tidy()
    change(rows, changes)
    breaches = RULES[rule].find(Inspection(snapshot_of(rows)))
    return sorted((breach.entity_type, breach.id, breach.path) for breach in breaches)


def test_a_tidy_world_breaks_no_rule():
    report = inspect(snapshot_of(tidy()))

    assert [finding.line for finding in report.findings] == []


@pytest.mark.parametrize(("rule", "changes", "expected"), BREACHES)
def test_a_rule_finds_just_what_breaks_it(rule, changes, expected):
    assert places(rule, changes) == expected


def test_every_rule_has_a_breach_in_this_table():
    shown = {rule for rule, _, expected in BREACHES if expected}

    by_the_tool = {"parts_of_an_order_fit", "parts_of_a_build_fit"}
    assert RULES.keys() - shown == by_the_tool


@pytest.mark.parametrize(
    ("promotion", "amount"),
    [
        ({"categories": ["cpu"]}, 879.06),  # 39.98 off the processors is less than the tier's 95.45
        ({"categories": ["cpu"], "value": 30.0}, 854.57),  # 119.94 is more: that alone
        ({"categories": ["cpu"], "stacksWithLoyalty": True}, 843.08),  # both, one after the other
        ({"productIds": None, "categories": None, "value": 20.0}, 783.61),  # everything
        ({"kind": "fixed", "value": 200.0, "categories": ["cpu"]}, 774.51),
        ({"kind": "fixed", "value": 800.0, "productIds": ["cpu-1"], "categories": None}, 574.71),
        ({"kind": "bundle", "value": 300.0, "productIds": ["cpu-1", "bundle-1"]}, 674.51),
        ({"kind": "bundle", "value": 300.0, "productIds": ["cpu-1", "gpu-1"]}, 879.06),
        ({"categories": ["cpu"], "value": 30.0, "endsAt": EARLY, "startsAt": EARLY}, 879.06),
    ],
)
def test_a_payment_takes_the_promotion_into_account(promotion, amount):
    changes = {"promotion": {"summer": promotion}, "payment": {PAYMENT: {"amount": amount}}}

    assert places("payments_are_what_the_order_costs", changes) == []
    assert places(
        "payments_are_what_the_order_costs",
        {**changes, "payment": {PAYMENT: {"amount": round(amount + 0.02, 2)}}},
    )


# rows as imports may bring them


def bare(rows):
    """The rows without anything that an import may leave out."""
    types = environment("corecraft").entity_types
    return {
        kind: {
            key: {name: v for name, v in row.items() if types[kind].fields[name].required}
            for key, row in by_key.items()
        }
        for kind, by_key in rows.items()
    }


def test_rows_without_optional_fields_can_be_checked():
    report = inspect(snapshot_of(bare(tidy())))

    assert not report.errors


@pytest.mark.parametrize("missing", FULL)
def test_a_world_that_lacks_a_type_can_be_checked(missing):
    rows = {kind: by_key for kind, by_key in tidy().items() if kind != missing}

    report = inspect(snapshot_of(rows, agent=""))

    assert {finding.rule for finding in report.errors} <= {"references_lead_to_rows"}


def test_an_empty_world_can_be_checked():
    report = inspect(snapshot_of({}, agent=""))

    assert report.findings == []
    assert {counted.density.name for counted in report.densities if counted.found} == set()


# the generated world


@pytest.fixture(scope="module")
def generated():
    agent = "tessa-brandvold"
    return inspect(from_document(document(ROWS, agent=agent)), WORLD.manifest)


def test_the_generated_world_surprises_nobody(generated):
    surprises = [finding.line for finding in generated.findings if not finding.intended]

    assert surprises == []


@pytest.mark.parametrize(
    "noise",
    [
        "order_before_account",
        "delivered_but_paid",
        "missing_phone",
        "duplicate_customer",
        "same_name",
        "brand_spelled_two_ways",
        "brand_written_differently",
        "incompatible_parts",
        "incompatible_build",
        "warranty_months_differ",
        "escalation_misdirected",
    ],
)
def test_all_that_the_manifest_lists_is_found_and_called_intended(generated, noise):
    found = {finding.id for finding in generated.intended if finding.intended == noise}

    assert found == noted(noise)


def test_the_report_counts_what_the_manifest_lists(generated):
    assert generated.manifest == Counter(row["noise"] for row in WORLD.manifest)


@pytest.mark.parametrize("name", [density.name for density in CHECKS.densities])
def test_the_generated_world_has_what_tasks_need(generated, name):
    counted = next(each for each in generated.densities if each.density.name == name)
    if name.startswith("prebuilts_") and "build" not in ROWS:
        pytest.skip("the generated world has no builds, so nobody knows the parts of a machine")

    assert counted.is_enough, f"{len(counted.found)} of {counted.density.wanted}"


@pytest.mark.parametrize("name", [density.name for density in CHECKS.densities])
def test_no_density_counts_something_in_a_world_without_orders_and_tickets(name):
    kept = ("customer", "employee", "loyalty_tier")
    rows = {kind: dict(list(ROWS[kind].items())[:1]) for kind in kept}
    report = inspect(snapshot_of(rows, agent=""))

    assert not next(each for each in report.densities if each.density.name == name).found


def test_machines_are_set_beside_the_parts_of_their_build():
    rows = tidy()
    change(rows, {"product": {"prebuilt-1": {"price": 599.69}, "cpu-1": {"price": 199.9}}})
    dearer = tidy()
    change(dearer, {"product": {"prebuilt-1": {"price": 599.71}}})

    assert density("prebuilts_cheaper_than_their_parts", rows) == ["prebuilt-1"]
    assert density("prebuilts_dearer_than_their_parts", rows) == []
    assert density("prebuilts_dearer_than_their_parts", dearer) == ["prebuilt-1"]


@pytest.mark.parametrize(
    ("body", "brands"),
    [
        ("My orr ery is broken", ["orrery"]),
        ("My Orrery is broken", []),
        ("my ORRERY is broken", []),
        ("orr, ery", ["orrery"]),
        ("or rery and orrer y", ["orrery"]),
    ],
)
def test_a_brand_in_two_words_is_seen(body, brands):
    rows = tidy()
    change(rows, {"support_ticket": {TICKET: {"body": body}}})

    assert density("brands_that_customers_write_otherwise", rows) == brands


def density(name, rows):
    report = inspect(snapshot_of(rows))
    return next(each for each in report.densities if each.density.name == name).found


# parts that fit


def cpu(socket, price, stock=1):
    specs = {"cpu": {**FULL["product"]["cpu-1"]["specs"]["cpu"], "socket": socket}}
    inventory = {"inStock": stock, "backorderable": False}
    return {**FULL["product"]["cpu-1"], "specs": specs, "price": price, "inventory": inventory}


@pytest.mark.parametrize(
    ("products", "repaired"),
    [
        ({}, False),  # nothing else fits
        ({"cpu-2": cpu("AM5", 150.0)}, True),
        ({"cpu-2": cpu("AM5", 150.0, stock=0)}, False),
        ({"cpu-2": cpu("AM5", 150.0), "cpu-3": cpu("AM5", 150.0)}, False),  # two cost the same
        ({"cpu-2": cpu("AM5", 150.0), "cpu-3": cpu("AM5", 160.0)}, True),
        ({"cpu-2": cpu("AM4", 150.0)}, False),
    ],
)
def test_a_mismatch_counts_when_one_cheapest_swap_mends_it(products, repaired):
    rows = tidy()
    lines = [{"productId": key, "qty": 1} for key in ("cpu-1", "motherboard-1")]
    change(rows, {"order": {ORDER: {"lineItems": lines}}})
    change(rows, {"product": {"cpu-1": cpu("LGA1851", 100.0, stock=0), **products}})
    inspection = Inspection(snapshot_of(rows))

    assert [row["id"] for row, _ in orders_that_do_not_fit(inspection)] == [ORDER]
    assert [row["id"] for row in with_one_cheapest_repair(inspection)] == [ORDER] * repaired


def test_a_build_with_parts_that_do_not_fit_is_found():
    rows = tidy()
    change(rows, {"build": {"build-own": {"componentIds": ["cpu-1", "motherboard-1"]}}})
    change(rows, {"product": {"cpu-1": cpu("LGA1851", 100.0)}})
    breaches = list(RULES["parts_of_a_build_fit"].find(Inspection(snapshot_of(rows))))

    assert {(b.entity_type, b.id) for b in breaches} == {("build", "build-own")}
    assert any("needs socket LGA1851" in breach.sentence for breach in breaches)


def test_what_the_companys_own_tool_calls_unfit_is_what_the_manifest_lists():
    inspection = Inspection(from_document(document(ROWS)), WORLD.manifest)

    unfit = {row["id"] for row, _ in orders_that_do_not_fit(inspection)}
    assert unfit == noted("incompatible_parts")
    assert {row["id"] for row in with_one_cheapest_repair(inspection)} == unfit
    unfit_builds = {row["id"] for row, _ in builds_that_do_not_fit(inspection)}
    assert unfit_builds == noted("incompatible_build")


def test_the_names_of_rules_are_all_different():
    names = [rule.name for rule in (*ENGINE, *CHECKS.rules)]

    assert len(names) == len(set(names))
