"""What is untidy on purpose, as in a real back office; each row is entered in the manifest."""

import datetime as dt
import re

from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.moments import NOW, after, later
from simulation.environments.corecraft.generator.records import HANDWRITTEN, Ticket

WRONG_TYPES, LATE_ACCOUNTS, PER_BRAND = 10, 5, 5
_LATE_HOURS = (1, 5)
# how customers write a brand, and which type a ticket is filed under by mistake
_SPELLINGS = {"SkyForge": "Sky Forge", "VortexLabs": "Vortex Labs", "EmberVolt": "Ember Volt"}
_MISFILED = {
    "return": "shipping",
    "billing": "order_issue",
    "shipping": "billing",
    "troubleshooting": "return",
    "order_issue": "recommendation",
}
# the situations whose words leave no doubt about the type
_CLEAR = {
    "two_of_the_same",
    "plans_changed",
    "second_thoughts_price",
    "found_better_fit",
    "keyboard_noise",
    "not_as_expected",
    "charged_twice",
    "tier_not_applied",
    "invoice_name",
    "refund_amount",
    "unknown_charge",
    "where_is_it",
    "late_parcel",
    "label_only",
    "lost_money_back",
    "came_late_complaint",
    "refresh_rate",
    "headset_mic",
    "drive_not_found",
    "wifi_setup",
    "memory_speed",
    "cpu_hot",
    "cancel_paid",
    "cancel_pending",
    "address_change",
    "wrong_item",
    "missing_item",
}
_TWO_SPELLINGS = {"Northvale", "Quiet Werk"}


def open_accounts_late(draft: Draft) -> None:
    """Let some first orders be older than their customer's account."""
    dice = draft.dice("late accounts")
    fitting = [
        person
        for person in draft.customers
        if len(person.orders) == 1 and not person.orders[0].edge and not person.orders[0].tickets
    ]
    first = _first_letters(draft)
    silent = [
        person
        for person in dice.shuffled(fitting)
        if first.get(person.id, NOW) >= after(person.orders[0].created, hours=_LATE_HOURS[1])
    ]
    for person in silent[: draft.scaled(LATE_ACCOUNTS)]:
        person.created = min(NOW, later(dice, person.orders[0].created, *_LATE_HOURS))
        draft.note("order", person.orders[0], "order_before_account")


def _first_letters(draft: Draft) -> dict[str, dt.datetime]:
    """Give when each customer wrote first: by then the account is there."""
    first: dict[str, dt.datetime] = {}
    for ticket in draft.tickets:
        key = ticket.customer.id
        first[key] = min(first.get(key, NOW), ticket.created)
    return first


def file_wrongly(draft: Draft) -> None:
    """File some tickets under a wrong type, outstanding and settled ones."""
    dice = draft.dice("wrong types")
    fitting = [
        ticket
        for ticket in dice.shuffled(draft.tickets)
        if ticket.type in _MISFILED and ticket.kind != HANDWRITTEN and ticket.closure != "duplicate"
        if ticket.kind in _CLEAR
    ]
    outstanding = [ticket for ticket in fitting if ticket.outstanding]
    settled = [ticket for ticket in fitting if not ticket.outstanding]
    count = draft.scaled(WRONG_TYPES)
    for ticket in outstanding[: count * 6 // 10 + 1] + settled[: count * 4 // 10]:
        ticket.filed_under = _MISFILED[ticket.type]
        draft.note("support_ticket", ticket, "wrong_type")


def spell_brands_freely(draft: Draft) -> None:
    """Let customers write some brands differently from the catalogue."""
    dice = draft.dice("spellings")
    for brand, spelling in _SPELLINGS.items():
        fitting = [ticket for ticket in draft.tickets if _names(ticket, brand)]
        for ticket in dice.some(fitting, draft.scaled(PER_BRAND)):
            model = ticket.product.model if ticket.product else brand
            old, new = (brand, spelling) if brand in ticket.body else (model, f"{spelling} {model}")
            ticket.body = re.sub(
                rf"\b([Aa]) {spelling}", _right_article, ticket.body.replace(old, new)
            )
            ticket.subject = ticket.subject.replace(brand, spelling)
            draft.note("support_ticket", ticket, "brand_written_differently")


def note_catalogue(draft: Draft) -> None:
    for product in draft.catalogue:
        if product.brand in _TWO_SPELLINGS:
            draft.note("product", product, "brand_spelled_two_ways")


def _right_article(match: re.Match[str]) -> str:
    return f"{match[1]}n{match[0][1:]}" if match[0][2] in "AEIOU" else match[0]


def _names(ticket: Ticket, brand: str) -> bool:
    product = ticket.product
    return product is not None and product.brand == brand and product.model in ticket.body
