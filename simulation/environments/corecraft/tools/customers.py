"""Find customers and write to them."""

from simulation.entities import Row
from simulation.environments.corecraft.models import Customer, CustomerMessage
from simulation.environments.corecraft.tools.conditions import (
    contains,
    every,
    fold,
    folded,
    is_same,
    within,
)
from simulation.environments.corecraft.tools.orderings import BY_NAME
from simulation.environments.corecraft.tools.parameters import OneOrMore, Text
from simulation.environments.corecraft.tools.references import need_given
from simulation.errors import InvalidArgument
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id

_ADDRESS = ("line1", "line2", "city", "region", "postalCode", "country")


@tool(writes=False)
def search_customers(
    world: WorldState,
    *,
    customer_id: Id | None = None,
    name: Text | None = None,
    email: Text | None = None,
    phone: Text | None = None,
    loyalty_tier: OneOrMore[Customer.Tier] | None = None,
    address_text: Text | None = None,
    created_after: After | None = None,
    created_before: Before | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find customers; all conditions given must hold. Sorted by name.

    name: part of the name, ignoring case
    email: the whole address, ignoring case
    phone: the whole number with its country code; only digits are compared
    address_text: part of an address, ignoring case; an address reads
        "line1, line2, city, region, postalCode, country"
    created_after: when the account was opened
    created_before: when the account was opened
    """
    where = every(
        contains(world, "customer", folded("name"), name),
        is_same(world, "customer", folded("email"), email),
        is_same(world, "customer", _phone_digits, _wanted_digits(phone)),
        contains(world, "customer", _addresses, address_text),
        within("createdAt", created_after, created_before),
    )
    equals = {"id": customer_id, "loyaltyTier": loyalty_tier}
    return world.search("customer", order=BY_NAME, equals=equals, where=where, limit=limit)


@tool(writes=True)
def send_customer_message(
    world: WorldState,
    *,
    customer_id: Id,
    channel: CustomerMessage.Channel,
    body: Text,
    subject: Text | None = None,
    ticket_id: Id | None = None,
) -> Row:
    """Send a message to a customer, or note down what was said on the phone.

    Answers with the message.

    subject: required for email
    ticket_id: the support ticket that the message is about
    """
    world.need("customer", customer_id, field="customer_id")
    need_given(world, "support_ticket", ticket_id, field="ticket_id")
    if channel == CustomerMessage.Channel.EMAIL and not subject:
        raise InvalidArgument("subject is required for channel email", field="subject")
    fields = {
        "customerId": customer_id,
        "ticketId": ticket_id,
        "channel": channel,
        "subject": subject,
        "body": body,
    }
    return world.create("customer_message", fields)


def _wanted_digits(phone: str | None) -> str | None:
    if phone is None:
        return None
    digits = _digits(phone)
    if not digits:
        raise InvalidArgument(
            f"phone: expected a number such as +1 512 555 0134, got {phone!r}", field="phone"
        )
    return digits


def _phone_digits(row: Row) -> str:
    return _digits(row.get("phone", ""))


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def _addresses(row: Row) -> str:
    lines = (", ".join(filter(None, map(each.get, _ADDRESS))) for each in row["addresses"])
    return fold(lines)
