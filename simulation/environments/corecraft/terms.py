"""The terms that the company works by: rates, fees, services, who is responsible for what."""

from decimal import Decimal

OUTSTANDING = ("new", "open", "pending_customer")  # of tickets, source: policy.md, "Tickets"
MONEY_BACK = ("approved", "processed")  # of refunds that give something back
NOT_COUNTED = ("denied", "failed")  # of refunds that take nothing from the payment
RATES = {  # of the loyalty tiers, source: policy.md, "Loyalty"
    "none": Decimal("0"),
    "silver": Decimal("0.05"),
    "gold": Decimal("0.10"),
    "platinum": Decimal("0.15"),
}
FEES = {  # of deliveries, source: policy.md, "Delivery"
    "standard": Decimal("9.99"),
    "express": Decimal("19.99"),
    "overnight": Decimal("39.99"),
}
SERVICES = {  # the carrier fixes the service
    "UPS Ground": "standard",
    "USPS Ground": "standard",
    "FedEx Express": "express",
    "FedEx Overnight": "overnight",
}
# by type of escalation, source: policy.md, "Escalating"
DESTINATIONS = {
    "technical": "engineering",
    "policy_exception": "operations",
    "product_specialist": "product_management",
    "warranty": "product_management",
    "order_fulfillment": "order_processing",
    "billing_payment": "finance",
    "insufficient_permission": "support",
    "support_escalation": "support",
}


def in_shipments(carrier: str) -> str:
    """Write a carrier of an order as shipments write it: "UPS Ground" is ups_ground."""
    return carrier.lower().replace(" ", "_")
