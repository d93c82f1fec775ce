"""Tickets that wait, that were followed by orders, and that say one thing and mean another."""

import datetime as dt
from collections.abc import Iterable

from simulation.entities import Row
from simulation.environments.corecraft.terms import OUTSTANDING
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import density
from simulation.values import instant_key

LOYAL = ("gold", "platinum")
WINDOW_DAYS, JUST_OUTSIDE_DAYS = 30, 35
THE_WORD = "return"


@density(wanted=60)
def urgent_tickets(inspection: Inspection) -> Iterable[str]:
    """Outstanding high-priority tickets: new, open or pending_customer."""
    return [ticket["id"] for ticket in _urgent(inspection)]


@density(wanted=15)
def urgent_tickets_of_loyal_customers(inspection: Inspection) -> Iterable[str]:
    """Outstanding high-priority tickets of gold and platinum customers."""
    for ticket in _urgent(inspection):
        customer = inspection.get("customer", ticket["customerId"])
        if customer and customer["loyaltyTier"] in LOYAL:
            yield ticket["id"]


@density(wanted=40)
def tickets_followed_by_an_order(inspection: Inspection) -> Iterable[str]:
    """Tickets followed by an order of the same customer within 30 days."""
    return [key for key, days in _days_to_next_order(inspection) if days <= WINDOW_DAYS]


@density(wanted=20)
def tickets_followed_too_late(inspection: Inspection) -> Iterable[str]:
    """Tickets whose customer's next order came just outside that time, after 31 to 35 days."""
    found = _days_to_next_order(inspection)
    return [key for key, days in found if WINDOW_DAYS < days <= JUST_OUTSIDE_DAYS]


@density(wanted=25)
def tickets_of_type_other(inspection: Inspection) -> Iterable[str]:
    """Tickets of type other."""
    tickets = inspection.find("support_ticket", "ticketType", "other")
    return [ticket["id"] for ticket in tickets]


@density(wanted=10)
def returns_without_the_word(inspection: Inspection) -> Iterable[str]:
    """Tickets of type other that the manifest lists as returns, and that do not say the word."""
    for ticket in inspection.listed("return_in_plain_words", "support_ticket"):
        told = f"{ticket['subject']} {ticket.get('body', '')}".casefold()
        if ticket.get("ticketType") == "other" and THE_WORD not in told:
            yield ticket["id"]


@density(wanted=10)
def writers_named_in_the_prose_only(inspection: Inspection) -> Iterable[str]:
    """Tickets without an order whose writer, by the manifest, is identified only in the prose."""
    listed = inspection.listed("writer_only_in_prose", "support_ticket")
    return [ticket["id"] for ticket in listed if "orderId" not in ticket]


def _urgent(inspection: Inspection) -> list[Row]:
    tickets = inspection.find("support_ticket", "priority", "high")
    return [ticket for ticket in tickets if ticket["status"] in OUTSTANDING]


def _days_to_next_order(inspection: Inspection) -> Iterable[tuple[str, int]]:
    """Give the calendar days in UTC from each ticket to its customer's next order."""
    for ticket in inspection.rows("support_ticket"):
        orders = inspection.find("order", "customerId", ticket["customerId"])
        moments = [order["createdAt"] for order in orders]
        written = ticket["createdAt"]
        later = [at for at in moments if instant_key(at) > instant_key(written)]
        if later:
            yield ticket["id"], (_day(min(later, key=instant_key)) - _day(written)).days


def _day(moment: str) -> dt.date:
    return dt.date.fromisoformat(moment[:10])
