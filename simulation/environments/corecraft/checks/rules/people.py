"""Customers, employees and tiers."""

from collections.abc import Iterator

from simulation.entities import Row
from simulation.environments.corecraft.checks.circles import circles
from simulation.environments.corecraft.checks.duplicates import shared_values, sharing
from simulation.environments.corecraft.terms import RATES
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule
from simulation.values import money


@rule()
def customers_have_an_email_of_their_own(inspection: Inspection) -> Iterator[Breach]:
    """An e-mail address is that of one customer."""
    yield from shared_values("customer", inspection.rows("customer"), "email")


@rule()
def employees_have_an_email_of_their_own(inspection: Inspection) -> Iterator[Breach]:
    """An e-mail address is that of one employee."""
    yield from shared_values("employee", inspection.rows("employee"), "email")


@rule(noise="missing_phone")
def customers_can_be_called(inspection: Inspection) -> Iterator[Breach]:
    """A customer has a phone number."""
    for customer in inspection.rows("customer"):
        if "phone" not in customer:
            yield Breach("customer", customer["id"], "phone", "there is none")


@rule(noise="duplicate_customer")
def customers_have_one_account(inspection: Inspection) -> Iterator[Breach]:
    """Nobody has two accounts: no two customers share birthday, family name and street."""
    for group in sharing(inspection.rows("customer"), _person):
        for customer in group:
            others = ", ".join(row["id"] for row in group if row is not customer)
            yield Breach("customer", customer["id"], "", f"seems to be the same person as {others}")


@rule(noise="same_name")
def customers_are_told_apart_by_name(inspection: Inspection) -> Iterator[Breach]:
    """No two people have one name."""
    for group in namesakes(inspection):
        for customer in group:
            others = ", ".join(row["id"] for row in group if row is not customer)
            yield Breach("customer", customer["id"], "name", f"{customer['name']} is also {others}")


@rule()
def managers_end_somewhere(inspection: Inspection) -> Iterator[Breach]:
    """Nobody is their own manager, not by others either."""
    yield from circles(inspection, "employee", "managerId")


@rule()
def tiers_have_their_rate(inspection: Inspection) -> Iterator[Breach]:
    """The tiers take 0, 5, 10 and 15 percent off goods."""
    for tier in inspection.rows("loyalty_tier"):
        usual = RATES.get(tier["id"])
        if usual is not None and money(tier["discountRate"]) != usual:
            sentence = f"{tier['discountRate']}, but {tier['id']} is {usual.normalize():f}"
            yield Breach("loyalty_tier", tier["id"], "discountRate", sentence)


def namesakes(inspection: Inspection) -> Iterator[list[Row]]:
    """Give the groups of different people who have one name."""
    for group in sharing(inspection.rows("customer"), lambda row: row["name"].casefold()):
        people = {_person(row): row for row in group}
        if len(people) > 1:
            yield list(people.values())


def _person(customer: Row) -> tuple[str, str, str] | None:
    """Give what two accounts of one person share; None for customers without an address."""
    streets = [address["line1"].casefold() for address in customer["addresses"]]
    family = customer["name"].casefold().split()[-1:] or [""]
    return (customer["dateOfBirth"], family[0], streets[0]) if streets else None
