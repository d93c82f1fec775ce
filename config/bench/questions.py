"""What is asked of CoreCraft's tools: calls as agents make them, quick and slow.

The table knows the company's tools by name. A tool that it does not know is asked with what its
parameters are called; what is refused is left out, and the benchmark says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from config.bench.corecraft import Arguments, Case, message, resolution
from simulation.entities import Row
from simulation.state import WorldState
from simulation.tools import Tool

Questions = Mapping[str, Sequence[Arguments]]
_JULY = {"created_after": "2025-07-01", "created_before": "2025-07-31"}


def questions(tool: Tool, case: Case, world: WorldState) -> Sequence[Arguments]:
    """Give arguments for a tool, from the table or by the names of what it needs."""
    return _known(case, world).get(tool.name) or [_guess(tool, case, world)]


def indexed(case: Case) -> Questions:
    """Give the calls that name one row, or the rows of one customer: an index answers them."""
    order, customer = {"order_id": case.order["id"]}, {"customer_id": case.customer["id"]}
    return {
        "searchCustomers": [customer],
        "searchOrders": [order, customer],
        "searchTickets": [{"ticket_id": case.ticket["id"]}, customer],
        "searchRefunds": [customer],
        "searchProducts": [{"product_id": case.product["id"]}],
        "searchPayments": [order],
        "searchShipments": [order],
        "getOrderDetails": [order],
        "getCustomerTicketHistory": [customer],
        "updateTicketStatus": [{"ticket_id": case.ticket["id"], "status": "open"}],
        "createResolution": [resolution(case)],
        "sendCustomerMessage": [message(case)],
    }


def _known(case: Case, world: WorldState) -> Questions:
    tables = (_of_shop, _of_goods, _of_desk, _of_house, _writes_of_desk, _writes_of_shop)
    return {name: calls for table in tables for name, calls in table(case, world).items()}


def _of_shop(case: Case, world: WorldState) -> Questions:
    order, customer = case.order["id"], case.customer["id"]
    product = case.product["id"]
    return {
        "searchCustomers": [
            {},
            {"customer_id": customer},
            {"name": case.surname},
            {"email": case.customer["email"]},
            {"phone": case.customer.get("phone", "+1 512 555 0134")},
            {"address_text": "austin"},
            {"loyalty_tier": ["gold", "platinum"]},
        ],
        "searchOrders": [
            {},
            {"order_id": order},
            {"customer_id": customer},
            {"product_id": product},
            {"status": "paid", "created_after": "2025-08-01"},
            _JULY,
            {"created_before": "2024-03-05"},
        ],
        "searchPayments": [{}, {"order_id": order}, {"customer_id": customer}, _JULY],
        "searchShipments": [{}, {"order_id": order}, {"status": "lost"}, _JULY],
        "searchRefunds": [
            {},
            {"customer_id": customer},
            {
                "status": "processed",
                "processed_after": "2025-07-01",
                "processed_before": "2025-07-31",
            },
            {"min_amount": 500},
        ],
        "getOrderDetails": [{"order_id": order}],
        "checkWarrantyStatus": [{"order_id": order}, {"order_id": order, "product_id": product}],
    }


def _of_goods(case: Case, world: WorldState) -> Questions:
    product, bought = case.product["id"], [row["id"] for row in case.products]
    return {
        "searchProducts": [
            {},
            {"product_id": product},
            {"category": "gpu", "max_price": 600, "in_stock_only": True},
            {"brand": case.product["brand"]},
            {"text": "ddr5"},
        ],
        "searchBuilds": [{}, {"customer_id": case.customer["id"]}, {"component_id": product}],
        "getProduct": [{"product_id": product}],
        "checkInventory": [{"product_id": product}],
        "validateBuildCompatibility": [{"product_ids": bought}],
        "calculatePrice": [
            {"product_ids": bought},
            {"product_ids": bought, "loyalty_tier": "gold", "shipping_service": "express"},
        ],
    }


def _of_desk(case: Case, world: WorldState) -> Questions:
    ticket, customer = case.ticket["id"], case.customer["id"]
    return {
        "searchTickets": [
            {},
            {"ticket_id": ticket},
            {"customer_id": customer},
            {"status": ["new", "open"], "priority": "high"},
            {"text": "refund"},
            {"text": "nobody wrote this"},
            _JULY,
        ],
        "searchEscalations": [{}, {"ticket_id": ticket}, {"open_only": True}],
        "searchResolutions": [{}, {"ticket_id": ticket}, {"outcome": "refund_issued"}, _JULY],
        "getCustomerTicketHistory": [
            {"customer_id": customer},
            {"customer_id": customer, "include_resolved": False},
        ],
    }


def _of_house(case: Case, world: WorldState) -> Questions:
    return {
        "searchEmployees": [
            {},
            {"employee_id": case.agent},
            {"department": "support"},
            {"has_permission": "issue_refund"},
        ],
        "searchKnowledgeBase": [{}, {"text": "memory"}, {"product_id": case.product["id"]}],
        "searchPolicies": [{}, {"text": "refund"}, {"kind": "company"}],
        "searchSlackMessages": [{}, {"text": "refund"}, {"author_id": case.agent}],
    }


def _writes_of_desk(case: Case, world: WorldState) -> Questions:
    ticket, customer = case.ticket["id"], case.customer["id"]
    channel = _first(world, "slack_channel")
    said = {"text": "Does anybody know this one?", "ticket_id": ticket}
    return {
        "updateTicketStatus": [
            {"ticket_id": ticket, "status": "open", "assigned_employee_id": case.agent},
            {"ticket_id": ticket, "priority": "high", "ticket_type": "return"},
        ],
        "createResolution": [resolution(case)],
        "sendCustomerMessage": [message(case)],
        "createEscalation": [
            {"ticket_id": ticket, "escalation_type": "technical", "destination": "engineering"}
        ],
        "createTicket": [
            {
                "customer_id": customer,
                "ticket_type": "return",
                "subject": "Too large",
                "body": "It does not fit under the desk.",
            }
        ],
        "postSlackMessage": [{"channel": channel["name"], **said}] if channel else [],
        "updateCustomer": [{"customer_id": customer, "phone": "+1 512 555 0134"}],
    }


def _writes_of_shop(case: Case, world: WorldState) -> Questions:
    order, customer, product = case.order["id"], case.customer["id"], case.product["id"]
    line, build = {"product_id": product, "qty": 1}, _first(world, "build")
    paid, parts = _paid_order(world), [row["id"] for row in case.products]
    payment = world.find("payment", "orderId", paid["id"])[0]["id"]
    one = {"product_id": paid["lineItems"][0]["productId"], "qty": 1}
    sold = next(row["id"] for row in world.rows("product") if row["inventory"]["inStock"] > 1)
    return {
        "updateOrderStatus": [{"order_id": order, "status": case.new_status}],
        "updatePaymentStatus": [{"payment_id": payment, "status": "refunded"}],
        "createRefund": [{"payment_id": payment, "amount": 1.5, "reason": "other"}],
        "processReturn": [{"order_id": paid["id"], "lines": [one], "reason": "customer_remorse"}],
        "createOrder": [{"customer_id": customer, "line_items": [{**line, "product_id": sold}]}],
        "createBuild": [{"component_ids": parts, "customer_id": customer, "name": "Desk"}],
        "updateBuild": [{"build_id": build["id"], "name": "Desk"}] if build else [],
        "createWarrantyClaim": [{"product_id": product, "order_id": order, "reason": "defect"}],
    }


def _first(world: WorldState, entity_type: str) -> Row | None:
    return min(world.rows(entity_type), key=lambda row: str(row["id"]), default=None)


def _paid_order(world: WorldState) -> Row:
    """Find an order that was delivered and paid, of which nothing has come back."""
    for order in sorted(world.rows("order"), key=lambda row: str(row["id"]), reverse=True):
        payments = world.find("payment", "orderId", order["id"])
        if order["status"] == "fulfilled" and [row["status"] for row in payments] == ["captured"]:
            return order
    raise LookupError("no order of the world is fulfilled, paid and not sent back")


def _guess(tool: Tool, case: Case, world: WorldState) -> Arguments:
    """Fill in what a tool must have: ids by their names, otherwise what its schema allows."""
    ids = {
        "customer_id": case.customer["id"],
        "order_id": case.order["id"],
        "ticket_id": case.ticket["id"],
        "product_id": case.product["id"],
        "employee_id": case.agent,
    }
    wanted = tool.schema.get("required", ())
    properties: Mapping[str, Any] = tool.schema["properties"]
    return {name: ids.get(name) or _value(properties[name]) for name in wanted}


def _value(schema: Mapping[str, Any]) -> Any:
    if "enum" in schema or "const" in schema:
        return schema.get("const") or schema["enum"][0]
    if "anyOf" in schema:
        return _value(schema["anyOf"][0])
    return {"integer": 1, "number": 1, "boolean": False, "array": []}.get(schema["type"], "desk")
