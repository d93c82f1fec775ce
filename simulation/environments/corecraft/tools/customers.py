"""Find customers, write to them and change what is known of them."""

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, StringConstraints

from simulation.entities import Row
from simulation.environments.corecraft.models import Customer, CustomerMessage
from simulation.environments.corecraft.models.addresses import Address
from simulation.environments.corecraft.tools.conditions import (
    contains,
    every,
    fold,
    folded,
    is_same,
    within,
)
from simulation.environments.corecraft.tools.orderings import BY_NAME
from simulation.environments.corecraft.tools.parameters import Name, OneOrMore, Subject, Text
from simulation.environments.corecraft.tools.references import need_given
from simulation.errors import InvalidArgument
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id


def _email(text: str) -> str:
    name, _, domain = text.rpartition("@")
    if not name or not domain or any(character.isspace() for character in text):
        raise ValueError("write an e-mail address such as ada@mail.example")
    return text


Email = Annotated[str, StringConstraints(min_length=3, max_length=254), AfterValidator(_email)]
Phone = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class GivenAddress(Address):
    """The whole address, as customers have it."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    line1: Name
    city: Name
    country: Name


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
    subject: Subject | None = None,
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


@tool(writes=True, toolsets=())
def update_customer(
    world: WorldState,
    *,
    customer_id: Id,
    name: Name | None = None,
    email: Email | None = None,
    phone: Phone | None = None,
    address: GivenAddress | None = None,
) -> Row:
    """Change what is known of a customer; give one or more of the fields to set.

    Answers with the customer.

    address: replaces the customer's address of the same label, or is added
    """
    given = {"name": name, "email": email, "phone": phone}
    changes: dict[str, Any] = {field: value for field, value in given.items() if value}
    customer = world.need("customer", customer_id, field="customer_id")
    if address:
        changes["addresses"] = _with_address(customer, address)
    if not changes:
        raise InvalidArgument("nothing to change: give name, email, phone or address")
    return world.update("customer", customer_id, changes)


def _with_address(customer: Row, address: Address) -> list[Row]:
    """Put an address in the place of the first of its label, or at the end."""
    addresses: list[Row] = list(customer["addresses"])
    labels = [each["label"] for each in addresses]
    place = labels.index(address.label) if address.label in labels else len(addresses)
    addresses[place : place + 1] = [address.model_dump(by_alias=True, exclude_none=True)]
    return addresses


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
