"""The data of CoreCraft: the same seed gives the same bytes on every machine.

The company's own part (products, staff, policies, articles) is fixed; customers, orders and tickets
grow with the size. An area added later draws from its own stream and leaves the others as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulation.environments.corecraft.generator import densities, documents, rows, rulebook
from simulation.environments.corecraft.generator.blemishes import (
    file_wrongly,
    note_catalogue,
    open_accounts_late,
    spell_brands_freely,
)
from simulation.environments.corecraft.generator.borrowed_accounts import plan_borrowed_accounts
from simulation.environments.corecraft.generator.build_tickets import link_builds
from simulation.environments.corecraft.generator.builds import (
    name_builds,
    note_misfits,
    number_builds,
    plan_builds,
)
from simulation.environments.corecraft.generator.chat import channels, plan_chat
from simulation.environments.corecraft.generator.company_builds import plan_company_builds
from simulation.environments.corecraft.generator.deliveries import plan_deliveries
from simulation.environments.corecraft.generator.desk import rank_outstanding, work_through
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.escalations import plan_escalations
from simulation.environments.corecraft.generator.handwritten import plan_handwritten
from simulation.environments.corecraft.generator.inbox import plan_inbox
from simulation.environments.corecraft.generator.letters import write_letters
from simulation.environments.corecraft.generator.moments import NOW as _NOW
from simulation.environments.corecraft.generator.numbering import number
from simulation.environments.corecraft.generator.orders import plan_orders
from simulation.environments.corecraft.generator.payments import plan_payments
from simulation.environments.corecraft.generator.people import (
    assign_ids,
    plan_customers,
    plan_employees,
)
from simulation.environments.corecraft.generator.promotions import offers, plan_promotions
from simulation.environments.corecraft.generator.returns import plan_returns
from simulation.environments.corecraft.generator.statuses import settle
from simulation.environments.corecraft.generator.stock import plan_stock
from simulation.values import write_instant

VERSION = "2"
NOW = write_instant(_NOW)
AGENT_EMPLOYEE_ID = "tessa-brandvold"


@dataclass(frozen=True)
class GeneratedWorld:
    """Rows in wire form by type and id, and the list of what in them is there on purpose."""

    entities: dict[str, dict[str, dict[str, Any]]]
    manifest: list[dict[str, str]] = field(default_factory=list)


def generate(*, seed: int = 7, size: float = 1.0) -> GeneratedWorld:
    """Make the company's data. size: 1 is the shipped world, 10 has ten times the business."""
    draft = Draft(seed, size)
    for area in _AREAS:
        area(draft)
    entities = _entities(draft)
    return GeneratedWorld(entities, _manifest(draft, entities))


def _manifest(draft: Draft, entities: densities.Entities) -> list[dict[str, str]]:
    noted = {(kind, row.id, noise) for kind, row, noise in draft.notes} | set(documents.notes())
    noted |= set(densities.found(entities))
    noted |= set(rulebook.warranty_notes(draft.catalogue))
    return [{"type": kind, "id": key, "noise": noise} for kind, key, noise in sorted(noted)]


def _number_orders(draft: Draft) -> None:
    number(draft.orders, "ord")
    number([payment for order in draft.orders for payment in order.payments], "pay")
    number([order.shipment for order in draft.orders if order.shipment], "ship")
    number(draft.refunds, "ref")


def _number_tickets(draft: Draft) -> None:
    number(draft.tickets, "tick")
    number([ticket.resolution for ticket in draft.tickets if ticket.resolution], "res")


# in this order, because each looks at what those before it made
_AREAS: tuple[Callable[[Draft], None], ...] = (
    plan_employees,
    plan_customers,
    assign_ids,
    plan_orders,
    plan_payments,
    plan_deliveries,
    plan_returns,
    settle,
    _number_orders,
    plan_borrowed_accounts,
    plan_handwritten,
    plan_inbox,
    work_through,
    plan_promotions,
    write_letters,
    rank_outstanding,
    file_wrongly,
    open_accounts_late,
    spell_brands_freely,
    note_catalogue,
    plan_company_builds,
    plan_builds,
    link_builds,
    note_misfits,
    name_builds,
    number_builds,
    plan_stock,
    _number_tickets,
    plan_escalations,
    plan_chat,
)


def _entities(draft: Draft) -> dict[str, dict[str, dict[str, Any]]]:
    payments = [payment for order in draft.orders for payment in order.payments]
    shipments = [order.shipment for order in draft.orders if order.shipment]
    resolutions = [ticket.resolution for ticket in draft.tickets if ticket.resolution]
    return {
        "customer": _keyed(draft.customers, rows.customer_row),
        "employee": _keyed(draft.employees, rows.employee_row),
        "loyalty_tier": documents.tiers(),
        "product": _keyed(draft.catalogue, rows.product_row),
        "build": _keyed(draft.builds, rows.build_row),
        "inventory_level": _keyed(draft.levels, rows.level_row),
        "promotion": _keyed(offers(), rows.promotion_row),
        "order": _keyed(draft.orders, rows.order_row),
        "payment": _keyed(payments, rows.payment_row),
        "shipment": _keyed(shipments, rows.shipment_row),
        "refund": _keyed(draft.refunds, rows.refund_row),
        "support_ticket": _keyed(draft.tickets, rows.ticket_row),
        "resolution": _keyed(resolutions, rows.resolution_row),
        "company_policy": documents.policies(),
        "knowledge_base_article": documents.articles(),
        "sla": rulebook.slas(),
        "warranty_policy": rulebook.warranty_policies(),
        "compatibility_rule": rulebook.compatibility_rules(),
        "escalation": _keyed(draft.escalations, rows.escalation_row),
        "slack_channel": channels(draft.employees),
        "slack_message": _keyed(draft.messages, rows.message_row),
    }


def _keyed(
    made: Sequence[Any], write: Callable[[Any], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    return {row.id: write(row) for row in sorted(made, key=lambda row: str(row.id))}
