"""A world of a few rows, written by hand, whose values lie on the edges that tests are about."""

from typing import Any

from simulation.snapshots import Snapshot, from_document

NOW = "2025-09-15T19:00:00Z"
AFTER_CLOCK = "2025-09-15T19:00:01Z"
AGENT = "ada-agent"

Row = dict[str, Any]

BERLIN = {
    "label": "shipping",
    "line1": "Lindenallee 5",
    "line2": "Hinterhaus",
    "city": "Berlin",
    "region": "BE",
    "postalCode": "10115",
    "country": "DE",
}
AUSTIN = {
    "label": "billing",
    "line1": "12 Elm St",
    "city": "Austin",
    "region": "TX",
    "postalCode": "78701",
    "country": "US",
}


def make_customer(name: str, **fields: Any) -> Row:
    return {
        "name": name,
        "email": "someone@mail.example",
        "dateOfBirth": "1990-04-12",
        "loyaltyTier": "none",
        "addresses": [AUSTIN],
        **fields,
    }


def make_employee(name: str, **fields: Any) -> Row:
    return {
        "name": name,
        "email": "colleague@corecraft.example",
        "title": "Support Agent",
        "department": "support",
        "permissions": [],
        **fields,
    }


def make_product(name: str, *, stock: int = 5, **fields: Any) -> Row:
    return {
        "name": name,
        "brand": name.split()[0],
        "sku": "SKU-1",
        "category": "mouse",
        "price": 10.0,
        "inventory": {"inStock": stock, "backorderable": False},
        "specs": {"mouse": {"buttons": 6}},
        **fields,
    }


def make_order(customer_id: str, created_at: str, **fields: Any) -> Row:
    return {
        "customerId": customer_id,
        "lineItems": [{"productId": "swift", "qty": 1}],
        "status": "paid",
        "createdAt": created_at,
        **fields,
    }


def make_payment(order_id: str, created_at: str, **fields: Any) -> Row:
    return {
        "orderId": order_id,
        "amount": 19.99,
        "method": "card",
        "status": "captured",
        "createdAt": created_at,
        **fields,
    }


def make_shipment(order_id: str, created_at: str, **fields: Any) -> Row:
    return {
        "orderId": order_id,
        "carrier": "ups_ground",
        "trackingNumber": "1Z001",
        "status": "in_transit",
        "createdAt": created_at,
        **fields,
    }


def make_refund(payment_id: str, created_at: str, **fields: Any) -> Row:
    return {
        "paymentId": payment_id,
        "amount": 10.0,
        "reason": "defective",
        "status": "approved",
        "createdAt": created_at,
        **fields,
    }


def make_ticket(customer_id: str, created_at: str, **fields: Any) -> Row:
    return {
        "customerId": customer_id,
        "ticketType": "shipping",
        "priority": "normal",
        "status": "open",
        "subject": "Where is it?",
        "createdAt": created_at,
        **fields,
    }


def make_escalation(ticket_id: str, created_at: str, **fields: Any) -> Row:
    return {
        "ticketId": ticket_id,
        "escalationType": "technical",
        "destination": "engineering",
        "createdAt": created_at,
        **fields,
    }


def make_resolution(ticket_id: str, created_at: str, **fields: Any) -> Row:
    return {"ticketId": ticket_id, "outcome": "no_action", "createdAt": created_at, **fields}


def make_build(created_at: str, *component_ids: str, **fields: Any) -> Row:
    return {
        "ownerType": "internal",
        "componentIds": list(component_ids),
        "createdAt": created_at,
        **fields,
    }


def make_article(title: str, **fields: Any) -> Row:
    return {
        "title": title,
        "body": "Read the manual.",
        "tags": ["general"],
        "productsMentioned": [],
        "version": 1,
        "isDeprecated": False,
        "createdAt": "2025-01-01T00:00:00Z",
        **fields,
    }


def make_policy(title: str, **fields: Any) -> Row:
    return {"title": title, "section": "Customers", "effectiveFrom": "2025-01-01", **fields}


def make_message(timestamp: str, **fields: Any) -> Row:
    return {
        "channelId": "desk",
        "authorId": AGENT,
        "text": "Good morning",
        "timestamp": timestamp,
        **fields,
    }


CUSTOMERS = {
    "anna-gross-10001": make_customer(
        "Anna Großmann",
        email="anna@mail.example",
        phone="+49 30 555-0101",
        loyaltyTier="gold",
        addresses=[BERLIN, {**AUSTIN, "line1": "9 Oak St"}],
        createdAt="2024-05-01T00:00:00Z",
    ),
    "ben-ito-10002": make_customer(
        "Ben Ito", email="Ben.Ito@Mail.example", createdAt="2024-06-30T23:59:59Z"
    ),
    "ben-ito-10003": make_customer("Ben Ito", phone="+1 (512) 555-0102", loyaltyTier="silver"),
    "carl-zed-10004": make_customer(
        "carl Zed", loyaltyTier="platinum", createdAt="2024-07-01T00:00:00Z"
    ),
    "lea-late-10005": make_customer("Lea Late", createdAt=AFTER_CLOCK),
}
EMPLOYEES = {AGENT: make_employee("Ada Agent"), "bo-lead": make_employee("Bo Lead")}
PRODUCTS = {
    "gale": make_product("Vortex Labs Gale", brand="Vortex Labs", category="gpu", price=299.99),
    "gust": make_product("VortexLabs Gust", sku="GPU-VOR-1", category="gpu", price=300.0, stock=0),
    "swift": make_product("Kestrik Swift", price=39.95, stock=1),
    "upright": make_product("Kestrik Upright", price=59.9, stock=20),
    "zen": make_product("aurora Zen", category="headset", price=10.0, stock=6),
}
ORDERS = {
    "ord-250731-001": make_order("anna-gross-10001", "2025-07-31T23:59:59Z"),
    "ord-250801-001": make_order(
        "anna-gross-10001",
        "2025-08-01T00:00:00Z",
        status="fulfilled",
        lineItems=[{"productId": "gale", "qty": 2}, {"productId": "zen", "qty": 1}],
    ),
    "ord-250831-001": make_order(
        "ben-ito-10002",
        "2025-08-31T23:59:59.5Z",
        status="cancelled",
        promotionCode="SUMMER",
        failureReason="card expired",
        shipping={
            "address": BERLIN,
            "carrier": "UPS Ground",
            "service": "standard",
            "eta": "2025-09-06T00:00:00Z",
        },
        updatedAt="2025-09-01T08:00:00Z",
    ),
    "ord-250901-001": make_order("ben-ito-10002", "2025-09-01T00:00:00Z"),
    "ord-250901-002": make_order("ben-ito-10003", "2025-09-01T00:00:00Z"),
    "ord-250915-009": make_order("ben-ito-10002", AFTER_CLOCK),
}
PAYMENTS = {
    "pay-250731-001": make_payment(
        "ord-250731-001", "2025-07-31T23:59:59Z", customerId="anna-gross-10001"
    ),
    "pay-250801-001": make_payment("ord-250801-001", "2025-08-01T00:01:00Z", status="failed"),
    "pay-250801-002": make_payment("ord-250801-001", "2025-08-01T00:02:00Z", amount=620.5),
    "pay-250831-001": make_payment(
        "ord-250831-001", "2025-08-31T23:59:59Z", customerId="carl-zed-10004"
    ),
}
SHIPMENTS = {
    "ship-250802-001": make_shipment("ord-250801-001", "2025-08-02T00:00:00Z", status="lost"),
    "ship-250803-001": make_shipment("ord-250801-001", "2025-08-03T00:00:00Z"),
}
REFUNDS = {
    "ref-250701-001": make_refund("pay-250731-001", "2025-07-01T00:00:00Z", amount=5.0),
    "ref-250731-001": make_refund(
        "pay-250731-001",
        "2025-07-31T23:59:59Z",
        status="processed",
        reason="other",
        processedAt="2025-08-01T00:00:00Z",
        ticketId="tick-250905-001",
    ),
    "ref-250801-001": make_refund(
        "pay-250801-002",
        "2025-08-01T12:00:00Z",
        status="denied",
        amount=19.99,
        processedAt="2025-08-02T23:59:59Z",
    ),
    "ref-250901-001": make_refund(
        "pay-250831-001", "2025-09-01T00:00:00Z", status="pending", amount=20.0
    ),
}
TICKETS = {
    "tick-250901-001": make_ticket(
        "anna-gross-10001", "2025-09-01T00:00:00Z", orderId="ord-250801-001", priority="low"
    ),
    "tick-250902-001": make_ticket(
        "anna-gross-10001",
        "2025-09-02T23:59:59Z",
        priority="high",
        status="new",
        subject="Großes Problem",
        body="It will not boot.",
    ),
    "tick-250903-001": make_ticket(
        "ben-ito-10002",
        "2025-09-03T10:00:00Z",
        orderId="ord-250801-001",
        assignedEmployeeId="bo-lead",
        ticketType="billing",
        updatedAt="2025-09-04T10:00:00Z",
    ),
    "tick-250903-002": make_ticket(
        "ben-ito-10002", "2025-09-03T10:00:00Z", updatedAt="2025-09-05T10:00:00Z"
    ),
    "tick-250905-001": make_ticket(
        "ben-ito-10003",
        "2025-09-05T10:00:00Z",
        priority="high",
        status="resolved",
        resolutionId="res-250906-001",
        closureReason="resolved_success",
        body="Boot loop, boot loop",
    ),
}
RESOLUTIONS = {
    "res-250906-001": make_resolution("tick-250905-001", "2025-09-06T00:00:00Z"),
    "res-250915-004": make_resolution("tick-250905-001", AFTER_CLOCK),
}
BUILDS = {"build-250801-001": make_build("2025-08-01T00:00:00Z", "gale", "zen", name="Quiet")}
ARTICLES = {"mouse-cleaning": make_article("Cleaning a mouse", productsMentioned=["swift"])}
POLICIES = {"returns": make_policy("Returns", body="Within **30 days**.")}
CHANNELS = {"desk": {"name": "support-desk", "purpose": "Questions", "members": [AGENT]}}
MESSAGES = {"slack-250901-001": make_message("2025-09-01T08:00:00Z")}
ESCALATIONS = {
    "esc-250902-001": make_escalation("tick-250901-001", "2025-09-02T00:00:00Z"),
    "esc-250903-001": make_escalation(
        "tick-250903-001",
        "2025-09-03T23:59:59.5Z",
        escalationType="billing_payment",
        destination="finance",
        notes="Charged twice.",
    ),
    "esc-250903-002": make_escalation(
        "tick-250903-001",
        "2025-09-03T23:59:59.5Z",
        escalationType="warranty",
        destination="product_management",
        resolvedAt="2025-09-10T00:00:00Z",
    ),
    "esc-250915-003": make_escalation("tick-250901-001", AFTER_CLOCK),
}
ENTITIES = {
    "customer": CUSTOMERS,
    "employee": EMPLOYEES,
    "product": PRODUCTS,
    "order": ORDERS,
    "payment": PAYMENTS,
    "shipment": SHIPMENTS,
    "refund": REFUNDS,
    "support_ticket": TICKETS,
    "resolution": RESOLUTIONS,
    "build": BUILDS,
    "knowledge_base_article": ARTICLES,
    "company_policy": POLICIES,
    "slack_channel": CHANNELS,
    "slack_message": MESSAGES,
    "escalation": ESCALATIONS,
}


def document(entities: dict[str, dict[str, Row]], *, agent: str = AGENT) -> dict[str, Any]:
    """Give the document of a published world."""
    return {
        "agentEmployeeId": agent,
        "entities": entities,
        "environment": "corecraft",
        "now": NOW,
        "systemPrompts": {},
    }


def snapshot_with(**rows: dict[str, Row]) -> Snapshot:
    """Give the small world with other rows of some types; they refuse to be changed."""
    return from_document(document({**ENTITIES, **rows}), frozen=True)
