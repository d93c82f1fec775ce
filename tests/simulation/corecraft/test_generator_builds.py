"""Builds: the company's behind its machines, the customers' before their orders and questions."""

from collections import Counter

from simulation.environments.corecraft.generator import catalogue
from simulation.environments.corecraft.generator.fit import conflicts

from .generated import ROWS, Row, noted

BUILDS, PRODUCTS = ROWS["build"], ROWS["product"]
OF_CUSTOMERS = {key: build for key, build in BUILDS.items() if build["ownerType"] == "customer"}
MACHINES = {
    key: product
    for key, product in PRODUCTS.items()
    if product["category"] in ("prebuilt", "workstation")
}


def base_build(product: Row) -> str:
    key: str = product["specs"]["prebuilt"]["baseBuildId"]
    return key


def broken_rules(build: Row) -> list[str]:
    parts = catalogue.catalogue()
    return conflicts(map(parts.get, build["componentIds"]))


def test_every_machine_has_a_build_of_its_own_older_than_any_order() -> None:
    bases = [base_build(machine) for machine in MACHINES.values()]
    first = min(order["createdAt"] for order in ROWS["order"].values())

    assert len(bases) == len(set(bases)) == 26
    for key in bases:
        assert BUILDS[key]["ownerType"] == "internal"
        assert len(BUILDS[key]["componentIds"]) >= 8
        assert BUILDS[key]["updatedAt"] < first
        assert not broken_rules(BUILDS[key])


def test_the_company_keeps_builds_that_no_product_is_made_of() -> None:
    bases = {base_build(machine) for machine in MACHINES.values()}
    internal = {key for key, build in BUILDS.items() if build["ownerType"] == "internal"}
    assert len(internal - bases) >= 10


def test_a_build_belongs_to_a_customer_or_to_the_company() -> None:
    for key, build in BUILDS.items():
        assert ("customerId" in build) is (build["ownerType"] == "customer"), key
        assert build["componentIds"], key
        if "customerId" in build:
            account = ROWS["customer"][build["customerId"]]["createdAt"]
            assert account <= build["createdAt"] <= build["updatedAt"], key


def test_customers_builds_are_whole_unfinished_ordered_and_never_ordered() -> None:
    kinds = [{PRODUCTS[c]["category"] for c in b["componentIds"]} for b in OF_CUSTOMERS.values()]
    ordered = {order["buildId"] for order in ROWS["order"].values() if "buildId" in order}
    whole = {"cpu", "motherboard", "memory", "storage", "psu", "case", "cooling"}
    twins = [b for b in OF_CUSTOMERS.values() if max(Counter(b["componentIds"]).values()) > 1]

    assert sum(whole <= parts for parts in kinds) >= 20
    assert sum(len(parts) < 5 for parts in kinds) >= 40
    assert 40 <= len(ordered) <= len(OF_CUSTOMERS) - 80
    assert len(twins) >= 5


def test_an_order_of_a_build_holds_its_parts_and_was_placed_after_it() -> None:
    for key, order in ROWS["order"].items():
        if "buildId" in order:
            build = BUILDS[order["buildId"]]
            bought = Counter({line["productId"]: line["qty"] for line in order["lineItems"]})
            assert build["customerId"] == order["customerId"], key
            assert build["updatedAt"] < order["createdAt"], key
            assert Counter(build["componentIds"]) <= bought, key


def test_a_ticket_about_a_build_is_its_owner_s_and_came_later() -> None:
    about = {key: t for key, t in ROWS["support_ticket"].items() if "buildId" in t}
    for key, ticket in about.items():
        build = BUILDS[ticket["buildId"]]
        assert build["customerId"] == ticket["customerId"], key
        assert build["updatedAt"] <= ticket["createdAt"], key
        if "orderId" in ticket:
            assert ROWS["order"][ticket["orderId"]]["buildId"] == ticket["buildId"], key
    assert len(about) >= 15
    assert sum("orderId" not in ticket for ticket in about.values()) >= 5


def test_a_build_holds_what_the_question_about_it_mentions() -> None:
    said = {"650 W": 650, "650 watts": 650}
    for ticket in ROWS["support_ticket"].values():
        if "buildId" not in ticket or "orderId" in ticket:
            continue
        parts = [PRODUCTS[part] for part in BUILDS[ticket["buildId"]]["componentIds"]]
        words = f"{ticket['subject']} {ticket['body']}"
        supplies = {part["specs"]["psu"]["wattage"] for part in parts if part["category"] == "psu"}
        for text, watts in said.items():
            assert text not in words or supplies == {watts}, words
        for name in ("Column 300", "B450M Lite"):
            assert name not in words or any(name in part["name"] for part in parts), words


def test_only_the_listed_builds_do_not_fit_and_some_of_them_were_ordered() -> None:
    broken = {key for key, build in BUILDS.items() if broken_rules(build)}
    ordered = {ROWS["order"][key].get("buildId") for key in noted("incompatible_parts")}

    assert broken == noted("incompatible_build")
    assert broken <= set(OF_CUSTOMERS)
    assert len(broken & ordered) >= 5
    assert len(broken - ordered) >= 12


def test_builds_are_named_by_many_hands_or_not_at_all() -> None:
    names = Counter(build["name"] for build in OF_CUSTOMERS.values() if "name" in build)
    nameless = sum("name" not in build for build in OF_CUSTOMERS.values())

    assert 0.1 < nameless / len(OF_CUSTOMERS) < 0.4
    assert len(names) >= 100
    assert max(names.values()) <= 3
    assert not any("{" in name for name in names)
