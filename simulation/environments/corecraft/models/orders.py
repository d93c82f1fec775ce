"""Orders and what belongs to them: payments, shipments, refunds, promotions."""

from typing import Annotated, Literal

from django.db import models
from pydantic import Field

from simulation.entities import IdPattern
from simulation.environments.corecraft.models.addresses import PostalAddress
from simulation.environments.corecraft.models.products import CategoryName
from simulation.fields import MoneyField, Reference, ValueField
from simulation.models import Entity
from simulation.values import Id, Instant, Money, Ref, Value


class LineItem(Value):
    """So many of one product."""

    product_id: Annotated[Id, Ref("product")]
    qty: Annotated[int, Field(ge=1)]


class Shipping(Value):
    """How an order is to be delivered."""

    address: PostalAddress
    carrier: Literal["UPS Ground", "USPS Ground", "FedEx Express", "FedEx Overnight"]
    service: Literal["standard", "express", "overnight"]
    eta: Instant | None = None


class TrackingEvent(Value):
    """What a carrier reported of a parcel."""

    at: Instant
    status: Literal[
        "label_created", "in_transit", "out_for_delivery", "delivered", "exception", "lost"
    ]
    location: str
    details: str | None = None


class RefundLine(Value):
    """What is refunded for so many of one article."""

    sku: str
    qty: Annotated[int, Field(ge=1)]
    amount: Annotated[Money, Field(description="USD for one of them")]


class Order(Entity):
    """What a customer bought at one time."""

    class Status(models.TextChoices):
        PENDING = "pending"
        PAID = "paid"
        FULFILLED = "fulfilled"
        CANCELLED = "cancelled"
        BACKORDER = "backorder"
        REFUNDED = "refunded"
        PARTIALLY_REFUNDED = "partially_refunded"
        REFUND_REQUESTED = "refund_requested"

    id_pattern = IdPattern("ord")

    customer = Reference("Customer")
    line_items = ValueField(list[LineItem])
    status = models.CharField(max_length=20, choices=Status.choices)
    shipping = ValueField(Shipping, null=True, blank=True)
    build = Reference("Build", null=True, blank=True)
    promotion_code = models.CharField(max_length=80, blank=True)
    failure_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)


class Payment(Entity):
    """Money that a customer pays for an order."""

    class Method(models.TextChoices):
        CARD = "card"
        PAYPAL = "paypal"
        APPLE_PAY = "apple_pay"
        GOOGLE_PAY = "google_pay"
        BANK_TRANSFER = "bank_transfer"

    class Status(models.TextChoices):
        PENDING = "pending"
        CAPTURED = "captured"
        FAILED = "failed"
        REFUNDED = "refunded"
        PARTIALLY_REFUNDED = "partially_refunded"

    id_pattern = IdPattern("pay")
    updated = None

    order = Reference("Order")
    customer = Reference("Customer", null=True, blank=True)
    amount = MoneyField(help_text="USD, shipping fee included")
    method = models.CharField(max_length=20, choices=Method.choices)
    status = models.CharField(max_length=20, choices=Status.choices)
    transaction_id = models.CharField(
        max_length=200, blank=True, help_text="the payment provider's id"
    )
    failure_reason = models.TextField(blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()


class Shipment(Entity):
    """A parcel on its way to a customer."""

    class Carrier(models.TextChoices):
        UPS_GROUND = "ups_ground"
        USPS_GROUND = "usps_ground"
        FEDEX_EXPRESS = "fedex_express"
        FEDEX_OVERNIGHT = "fedex_overnight"

    class Status(models.TextChoices):
        LABEL_CREATED = "label_created"
        IN_TRANSIT = "in_transit"
        OUT_FOR_DELIVERY = "out_for_delivery"
        DELIVERED = "delivered"
        EXCEPTION = "exception"
        LOST = "lost"

    id_pattern = IdPattern("ship")
    updated = None

    order = Reference("Order")
    carrier = models.CharField(max_length=20, choices=Carrier.choices)
    tracking_number = models.CharField(max_length=80)
    status = models.CharField(max_length=20, choices=Status.choices)
    events = ValueField(list[TrackingEvent], null=True, blank=True, help_text="oldest first")
    eta = models.DateTimeField(null=True, blank=True, help_text="when it should arrive")
    created_at = models.DateTimeField()


class Refund(Entity):
    """Money that goes back to a customer."""

    class Reason(models.TextChoices):
        CUSTOMER_REMORSE = "customer_remorse"
        DEFECTIVE = "defective"
        INCOMPATIBLE = "incompatible"
        SHIPPING_ISSUE = "shipping_issue"
        OTHER = "other"

    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        DENIED = "denied"
        PROCESSED = "processed"
        FAILED = "failed"

    id_pattern = IdPattern("ref")
    updated = None

    payment = Reference("Payment")
    ticket = Reference("SupportTicket", null=True, blank=True)
    amount = MoneyField(help_text="USD")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    status = models.CharField(max_length=10, choices=Status.choices)
    lines = ValueField(list[RefundLine], null=True, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()


class Promotion(Entity):
    """A campaign that takes something off, for those who give its code."""

    class Kind(models.TextChoices):
        PERCENT = "percent"
        FIXED = "fixed"
        BUNDLE = "bundle"

    updated = None

    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = MoneyField(help_text="percent: 10 is 10 percent off; fixed and bundle: USD off")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minimum_subtotal = MoneyField(null=True, blank=True, help_text="USD")
    categories = ValueField(
        list[CategoryName], null=True, blank=True, help_text="the goods that it is for"
    )
    product_ids = ValueField(
        list[Annotated[Id, Ref("product")]],
        null=True,
        blank=True,
        help_text="the products that it is for; kind bundle: all of them must be bought",
    )
    stacks_with_loyalty = models.BooleanField()
    created_at = models.DateTimeField(null=True, blank=True)
