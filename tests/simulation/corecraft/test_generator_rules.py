"""Answer times, warranties, compatibility rules and policies agree with each other."""

import itertools
import re
from importlib import resources

import pytest

from simulation.environments.corecraft.machines import ONLY_ONE
from simulation.environments.corecraft.terms import DESTINATIONS

from .generated import FEES, ROWS, Row, noted

TYPES = (
    "return",
    "troubleshooting",
    "recommendation",
    "order_issue",
    "shipping",
    "billing",
    "other",
)
PRIORITIES = ("low", "normal", "high")
TIERS = ("none", "silver", "gold", "platinum")
POLICY = (
    resources.files("simulation.environments.corecraft").joinpath("policy.md").read_text("utf-8")
)


def most_specific(ticket_type: str, priority: str, tier: str) -> list[Row]:
    """Give the SLAs that match and name most of type and tier."""
    wanted = {"ticketType": ticket_type, "loyaltyTier": tier}
    matching = [
        row
        for row in ROWS["sla"].values()
        if row["priority"] == priority
        and all(row.get(name, value) == value for name, value in wanted.items())
    ]
    counts = [sum(name in row for name in wanted) for row in matching]
    return [
        row for row, count in zip(matching, counts, strict=True) if count == max(counts, default=0)
    ]


@pytest.mark.parametrize(
    ("ticket_type", "priority", "tier"), list(itertools.product(TYPES, PRIORITIES, TIERS))
)
def test_one_sla_is_the_most_specific(ticket_type: str, priority: str, tier: str) -> None:
    assert len(most_specific(ticket_type, priority, tier)) == 1


def test_every_sla_is_the_one_for_some_ticket() -> None:
    used = {
        row["name"]
        for each in itertools.product(TYPES, PRIORITIES, TIERS)
        for row in most_specific(*each)
    }
    assert used == {row["name"] for row in ROWS["sla"].values()}


@pytest.mark.parametrize("name", ["firstResponseMinutes", "resolutionMinutes"])
@pytest.mark.parametrize("ticket_type", TYPES)
def test_urgent_and_loyal_never_wait_longer(ticket_type: str, name: str) -> None:
    def minutes(priority: str, tier: str) -> int:
        return int(most_specific(ticket_type, priority, tier)[0][name])

    for tier in TIERS:
        assert minutes("high", tier) <= minutes("normal", tier)
        assert minutes("high", tier) <= minutes("low", tier)
    for priority in PRIORITIES:
        times = [minutes(priority, tier) for tier in TIERS]
        assert times == sorted(times, reverse=True)


def test_an_answer_comes_before_the_end() -> None:
    for row in ROWS["sla"].values():
        assert 0 < row["firstResponseMinutes"] < row["resolutionMinutes"]
        assert row["businessHoursOnly"] is (row["priority"] != "high")


def test_warranty_months_agree_but_for_the_listed() -> None:
    differing = set()
    for key, product in ROWS["product"].items():
        policy = ROWS["warranty_policy"][product["warrantyPolicyId"]]
        if policy["months"] != product.get("warrantyMonths", 12):
            differing.add(key)
        if product["warrantyPolicyId"] == "standard-12":
            assert product.get("warrantyMonths", 12) == 12, key
    assert differing == noted("warranty_months_differ")
    assert len(differing) == 3


def test_every_warranty_policy_is_used_and_says_what_it_covers() -> None:
    assert {row["warrantyPolicyId"] for row in ROWS["product"].values()} == set(
        ROWS["warranty_policy"]
    )
    for row in ROWS["warranty_policy"].values():
        assert len(row["covers"]) >= 2
        assert len(row["excludes"]) >= 2
        assert not set(row["covers"]) & set(row["excludes"])
    assert {row["transferable"] for row in ROWS["warranty_policy"].values()} == {True, False}


def test_a_policy_serves_products_of_a_kind() -> None:
    for key, row in ROWS["warranty_policy"].items():
        served = {p["category"] for p in ROWS["product"].values() if p["warrantyPolicyId"] == key}
        assert key == "standard-12" or len(served) <= 3, row["name"]


# the checks of validateBuildCompatibility: which categories each of them looks at
CHECKS = {
    "single-cpu": {"cpu"},
    "single-motherboard": {"motherboard"},
    "cpu-socket": {"cpu", "motherboard"},
    "board-form-factor": {"motherboard", "case"},
    "memory-type": {"memory", "motherboard"},
    "memory-slots": {"memory", "motherboard"},
    "expansion-slots": {"gpu", "motherboard"},
    "sata-ports": {"storage", "motherboard"},
    "m2-slots": {"storage", "motherboard"},
    "gpu-length": {"gpu", "case"},
    "cooler-height": {"cooling", "case"},
    "radiator-mount": {"cooling", "case"},
    "psu-cpu-power": {"psu", "cpu"},
    "psu-gpu-power": {"psu", "gpu"},
    "gpu-connectors": {"psu", "gpu"},
    "memory-downclocked": {"memory", "motherboard"},
    "memory-mixed-speeds": {"memory"},
    "psu-missing": {"psu"},
}
WARNINGS = {"memory-downclocked", "memory-mixed-speeds", "psu-missing"}


def test_there_is_one_rule_for_each_check() -> None:
    assert {
        key: set(row["appliesToCategories"]) for key, row in ROWS["compatibility_rule"].items()
    } == CHECKS
    assert {"cpu", "motherboard"} == set(ONLY_ONE)


@pytest.mark.parametrize("key", CHECKS)
def test_a_rule_compares_fields_that_products_have(key: str) -> None:
    rule = ROWS["compatibility_rule"][key]
    fields = re.findall(r"\b([a-z]+)\.([a-zA-Z0-9]+)", rule["expression"])
    for category, field in fields:
        assert category in rule["appliesToCategories"]
        specs = [
            product["specs"][category]
            for product in ROWS["product"].values()
            if product["category"] == category
        ]
        assert any(field in each for each in specs), field
    assert rule["severity"] == ("warning" if key in WARNINGS else "error")
    assert rule["message"].endswith(".")


def test_the_contact_is_the_same_everywhere() -> None:
    page = ROWS["company_policy"]["support-contact"]["body"]
    for fact in ("support@corecraft.example", "+1 512 555 0142", "8:00 to 20:00", "10:00 to 16:00"):
        assert fact in page
        assert fact in POLICY


def test_services_fees_and_windows_are_the_same_everywhere() -> None:
    page = ROWS["company_policy"]["shipping-policy"]["body"]
    rows = re.findall(r"^\| (standard|express|overnight) .*$", POLICY, flags=re.M)
    assert len(rows) == 3
    for line in re.findall(r"^\| (?:standard|express|overnight) .*$", POLICY, flags=re.M):
        assert line in page
    assert all(fee in page for fee in FEES.values())
    assert all(
        name in POLICY for name in ("UPS Ground", "USPS Ground", "FedEx Express", "FedEx Overnight")
    )


def test_the_map_of_escalations_is_the_same_everywhere() -> None:
    page = ROWS["company_policy"]["escalation-map"]["body"]
    for kind, department in DESTINATIONS.items():
        assert re.search(rf"\| {kind} \| {department} \|", page)
        assert re.search(rf"\| {kind} \| {department} \|", POLICY)


def test_assembly_outstanding_and_stacking_are_the_same_everywhere() -> None:
    policies = ROWS["company_policy"]
    assert "99.00 USD" in policies["build-and-assembly"]["body"]
    assert "99.00 USD" in POLICY
    assert "new, open or pending_customer" in POLICY
    assert "new, open or pending_customer" in policies["ticket-priorities"]["body"]
    assert "larger of the two" in POLICY
    assert "the larger of the two is taken" in " ".join(policies["promotion-codes"]["body"].split())


def test_old_pages_point_at_their_successors_or_say_what_replaced_them() -> None:
    policies = ROWS["company_policy"]
    for key in noted("superseded_policy"):
        successor = policies[policies[key]["supersededById"]]
        assert successor["effectiveFrom"] > policies[key]["effectiveFrom"]
    assert len(noted("superseded_policy")) >= 2
    titles = {row["title"] for row in ROWS["knowledge_base_article"].values()}
    for key in noted("deprecated_article"):
        body = ROWS["knowledge_base_article"][key]["body"]
        assert body.startswith("*")
        for title in re.findall(r'"([^"]+)"', body.split("\n")[0]):
            assert title in titles, key
