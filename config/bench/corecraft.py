"""What is asked of CoreCraft: a task of 20 steps and ten criteria; questions.py has the calls.

All of it is read from the rows of the world, so that it fits every version and size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.criteria import Criterion, RubricContent
from grading.graders import read_check
from simulation.entities import Row
from simulation.state import WorldState

SLUG = "corecraft"
OUTSTANDING = ("new", "open", "pending_customer")
PRODUCTS = 3  # on the order that the task is about, or more
Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """The rows that calls, solution and criteria speak of: a ticket about an order."""

    ticket: Row
    order: Row
    customer: Row
    orders: Sequence[Row]
    products: Sequence[Row]
    agent: str

    @property
    def product(self) -> Row:
        return self.products[0]

    @property
    def bought(self) -> list[str]:
        return [product["name"] for product in self.products]

    @property
    def new_status(self) -> str:
        return "refund_requested" if self.order["status"] != "refund_requested" else "refunded"

    @property
    def surname(self) -> str:
        return str(self.customer["name"]).split()[-1]


def find_case(world: WorldState) -> Case:
    """Find the first outstanding ticket on an order of a few products."""
    tickets = sorted(_outstanding(world), key=lambda row: str(row["id"]))
    pairs = ((world.need("order", ticket["orderId"]), ticket) for ticket in tickets)
    order, ticket = next((o, t) for o, t in pairs if len(o["lineItems"]) >= PRODUCTS)
    customer = world.need("customer", order["customerId"])
    orders = world.find("order", "customerId", customer["id"])
    products = dict.fromkeys(line["productId"] for line in order["lineItems"])
    return Case(
        ticket=ticket,
        order=order,
        customer=customer,
        orders=sorted(orders, key=lambda row: str(row["createdAt"])),
        products=[world.need("product", key) for key in products],
        agent=world.agent_employee_id,
    )


def solution(case: Case) -> list[dict[str, Any]]:
    """Give 20 turns of an agent that looks around, writes five times and answers."""
    ticket, order, customer = case.ticket["id"], case.order["id"], case.customer["id"]
    product = case.product["id"]
    mine = {"status": "open", "assigned_employee_id": case.agent}
    settled = {"status": "resolved", "closure_reason": "resolved_success"}
    steps: list[tuple[str, Arguments]] = [
        ("searchTickets", {"status": ["new", "open"], "priority": "high"}),
        ("searchTickets", {"ticket_id": ticket}),
        ("searchCustomers", {"customer_id": customer}),
        ("searchOrders", {"customer_id": customer}),
        ("getOrderDetails", {"order_id": order}),
        ("searchTickets", {"customer_id": customer}),
        ("searchRefunds", {"customer_id": customer}),
        ("searchRefunds", {"order_id": {"$ref": "5.order.id"}}),
        ("searchProducts", {"product_id": product}),
        ("searchProducts", {"category": case.product["category"], "in_stock_only": True}),
        ("searchOrders", {"product_id": product, "created_after": "2025-08-01"}),
        ("searchTickets", {"text": case.product["name"]}),
        ("updateTicketStatus", {"ticket_id": ticket, **mine}),
        ("searchCustomers", {"name": case.surname}),
        ("searchTickets", {"order_id": order}),
        ("createResolution", resolution(case)),
        (
            "updateTicketStatus",
            {"ticket_id": ticket, "resolution_id": {"$ref": "16.id"}, **settled},
        ),
        ("updateOrderStatus", {"order_id": order, "status": case.new_status}),
        ("sendCustomerMessage", message(case)),
    ]
    made = [{"call": tool, "arguments": dict(arguments)} for tool, arguments in steps]
    return [*made, {"message": _answer(case)}]


def rubric(case: Case, world: WorldState) -> RubricContent:
    """Give ten criteria that the solution meets, their queries bound to the world."""
    checks = _checks(case)
    return RubricContent(
        criteria=tuple(
            Criterion(
                key=key, text=key.replace("-", " "), check=read_check(check).bound(world).as_data()
            )
            for key, check in checks.items()
        )
    )


def _outstanding(world: WorldState) -> list[Row]:
    rows = world.rows("support_ticket")
    return [row for row in rows if row["status"] in OUTSTANDING and "orderId" in row]


def resolution(case: Case) -> dict[str, Any]:
    details = "Went through order, payment and refunds with the customer; a return was asked for."
    return {"ticket_id": case.ticket["id"], "outcome": "order_updated", "details": details}


def message(case: Case) -> dict[str, Any]:
    order, product = case.order["id"], case.product["name"]
    body = (
        f"Hello {case.customer['name']},\n\nyour return of the {product} from order {order} is"
        " noted. Please send it back within 30 days; we refund it when it has arrived.\n\nRegards"
    )
    return {
        "customer_id": case.customer["id"],
        "channel": "email",
        "subject": f"Your order {order}",
        "body": body,
        "ticket_id": case.ticket["id"],
    }


def _answer(case: Case) -> str:
    listed = "\n".join(f"- {name}" for name in case.bought)
    return (
        f"Ticket {case.ticket['id']} is settled: {case.customer['name']} was told how to return the"
        f" {case.product['name']}, and order {case.order['id']} is now {case.new_status}.\n\n"
        f"Products on the order:\n{listed}\n\n"
        f"The customer has {len(case.orders)} orders with us; the oldest is of"
        f" {case.orders[0]['createdAt'][:10]}."
    )


def _checks(case: Case) -> dict[str, dict[str, Any]]:
    return {**_checks_of_rows(case), **_checks_of_words(case)}


def _checks_of_rows(case: Case) -> dict[str, dict[str, Any]]:
    ticket, order = case.ticket["id"], case.order["id"]
    of_ticket = [{"path": "ticketId", "value": ticket}]
    return {
        "ticket-is-resolved": {
            "kind": "state",
            "entity_type": "support_ticket",
            "id": ticket,
            "expect": [
                {"path": "status", "value": "resolved"},
                {"path": "assignedEmployeeId", "value": case.agent},
                {"path": "resolutionId.outcome", "value": "order_updated"},
            ],
        },
        "one-resolution": {
            "kind": "state",
            "entity_type": "resolution",
            "created": True,
            "where": of_ticket,
            "count": {"eq": 1},
        },
        "order-status-is-changed": {
            "kind": "state",
            "entity_type": "order",
            "id": order,
            "changed": [{"path": "status", "to": case.new_status}],
        },
        "no-refund-is-made": {
            "kind": "state",
            "entity_type": "refund",
            "created": True,
            "exists": False,
        },
        "nothing-else-is-changed": {
            "kind": "unchanged",
            "allow": [
                {"entity_type": "support_ticket", "id": ticket},
                {"entity_type": "order", "id": order, "fields": ["status"]},
                {"entity_type": "resolution", "created": True, "count": 1},
                {"entity_type": "customer_message", "created": True, "count": 1},
            ],
        },
    }


def _checks_of_words(case: Case) -> dict[str, dict[str, Any]]:
    order, customer = case.order["id"], case.customer["id"]
    all_orders = {"entity_type": "order", "where": [{"path": "customerId", "value": customer}]}
    return {
        "refunds-are-looked-at": {
            "kind": "tool_call",
            "tool": "searchRefunds",
            "arguments": [{"path": "order_id", "value": order}],
        },
        "one-message": {"kind": "tool_call", "tool": "sendCustomerMessage", "called": {"eq": 1}},
        "message-names-the-order": {
            "kind": "response",
            "source": {"entity_type": "customer_message", "field": "body"},
            "text": {"all_of": [order, case.product["name"]]},
        },
        "number-of-orders": {
            "kind": "response",
            "number": {"value": {"query": {**all_orders, "measure": "count"}}, "near": ["orders"]},
        },
        "products-of-the-order": {
            "kind": "response",
            "list": {"items": case.bought},
        },
    }
