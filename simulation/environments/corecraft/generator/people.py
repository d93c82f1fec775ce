"""Customers, and the employees of data/employees.toml."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.addresses import new_address, new_phone
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.records import Customer, Employee

CUSTOMERS = 402
NAMESAKES = 6
HOUSEHOLDS = 6
DOUBLES = 8
WITHOUT_PHONE = 5  # percent
_TIERS = {"none": 51, "silver": 26, "gold": 15, "platinum": 8}
_CONTACT = {"email": 45, "email sms": 20, "email phone": 20, "phone": 8, "sms": 7}


def plan_employees(draft: Draft) -> None:
    draft.employees = [_employee(row) for row in texts.table("employees.toml")["employees"]]


def plan_customers(draft: Draft) -> None:
    """Make everybody; namesakes, households and second accounts stand at the end of the list."""
    maker = _Maker(draft.dice("customers"))
    related = 2 * (draft.scaled(NAMESAKES) + draft.scaled(HOUSEHOLDS)) + draft.scaled(DOUBLES)
    single = max(20, draft.scaled(CUSTOMERS) - related)
    draft.customers = [maker.customer() for _ in range(single)]
    draft.namesakes = [maker.namesakes() for _ in range(draft.scaled(NAMESAKES))]
    draft.households = [maker.household() for _ in range(draft.scaled(HOUSEHOLDS))]
    originals = maker.dice.some(draft.customers[: single // 2], draft.scaled(DOUBLES))
    draft.doubles = [(person, maker.double(person)) for person in originals]
    draft.customers += [person for pair in draft.namesakes + draft.households for person in pair]
    draft.customers += [second for _, second in draft.doubles]
    _note_people(draft)


def assign_ids(draft: Draft) -> None:
    """Give every customer an id such as ada-berg-40318."""
    dice, taken = draft.dice("customer ids"), set[str]()
    for person in draft.customers:
        while not person.id or person.id in taken:
            person.id = f"{texts.slug(person.first)}-{texts.slug(person.last)}-{_five(dice)}"
        taken.add(person.id)


def _five(dice: Dice) -> str:
    return str(dice.number(10_000, 99_999))


def _note_people(draft: Draft) -> None:
    for noise, pairs in (("same_name", draft.namesakes), ("duplicate_customer", draft.doubles)):
        for person in (person for pair in pairs for person in pair):
            draft.note("customer", person, noise)
    for person in draft.customers:
        if not person.phone:
            draft.note("customer", person, "missing_phone")


def _employee(row: dict[str, Any]) -> Employee:
    first, *rest = row["name"].split()
    wire = {
        "name": row["name"],
        "email": f"{texts.slug(first)}.{texts.slug(' '.join(rest))}@corecraft.example",
        "title": row["title"],
        "department": row["department"],
        "permissions": row["permissions"],
    }
    wire |= {"managerId": row["manager"]} if "manager" in row else {}
    wire |= {"supportRole": row["role"]} if "role" in row else {}
    return Employee(texts.slug(row["name"]), wire)


class _Maker:
    """Makes people whose names, addresses of mail and phone numbers do not collide by accident."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        names = texts.table("names.toml")
        self._first, self._last = names["first"].split(), names["last"].split()
        self._domains, self._nicknames = names["domains"], names["nicknames"]
        self._short = names["short_forms"]
        self._taken: set[str] = set()

    def customer(self, *, last: str = "", name: tuple[str, str] | None = None) -> Customer:
        first, last = name or self._name(last)
        person = Customer(
            first=first,
            last=last,
            tier=self.dice.weighted(_TIERS),
            addresses=[new_address(self.dice)],
            born=dt.date(1947, 1, 1) + dt.timedelta(days=self.dice.number(0, 61 * 365)),
            contact=self.dice.weighted(_CONTACT).split(),
        )
        self._add_second_address(person)
        self._make_reachable(person)
        return person

    def namesakes(self) -> tuple[Customer, Customer]:
        """Make two people of one name in different cities."""
        first = self.customer()
        second = self.customer(name=(first.first, first.last))
        while second.home["city"] == first.home["city"]:
            second = self.customer(name=(first.first, first.last))
        return first, second

    def household(self) -> tuple[Customer, Customer]:
        first = self.customer()
        second = self.customer(last=first.last)
        second.addresses = [dict(first.home)]
        self._make_reachable(second)
        return first, second

    def double(self, person: Customer) -> Customer:
        """Make the second account of a person: same birthday and street, another e-mail."""
        second = self.customer(name=(self._short.get(person.first, person.first), person.last))
        second.born, second.addresses, second.phone = person.born, [dict(person.home)], person.phone
        return second

    def _name(self, last: str = "") -> tuple[str, str]:
        for _ in range(40):
            name = (self.dice.one(self._first), last or self.dice.one(self._last))
            if " ".join(name) not in self._taken:
                break
        self._taken.add(" ".join(name))
        return name

    def _add_second_address(self, person: Customer) -> None:
        if self.dice.chance(14):
            other = new_address(self.dice, country=person.home["country"])
            person.addresses.append(other | {"label": self.dice.one(["billing", "other"])})

    def _make_reachable(self, person: Customer) -> None:
        person.email = next(mail for mail in self._mails(person) if mail not in self._taken)
        person.phone = ""
        if not self.dice.chance(WITHOUT_PHONE):
            person.phone = new_phone(self.dice, person.home, self._taken)
        else:
            person.contact = ["email"]
        self._taken |= {person.email, person.phone}

    def _mails(self, person: Customer) -> Iterator[str]:
        first, last = texts.slug(person.first), texts.slug(person.last).replace("-", "")
        year = person.born.year % 100
        while True:
            local = self.dice.one(
                [
                    f"{first}.{last}",
                    f"{first[0]}.{last}",
                    f"{first}{last}",
                    f"{first}_{year:02d}",
                    f"{last}.{first}",
                    f"{last}.{self.dice.one(self._nicknames)}",
                    f"{first}.{last}{self.dice.digits(2)}",
                ]
            )
            yield f"{local}@{self.dice.one(self._domains)}"
