"""What customers write, how it ends, and what is written to them."""

from django.db import models

from simulation.entities import IdPattern
from simulation.fields import Reference
from simulation.models import Entity


class SupportTicket(Entity):
    """Something a customer wants from support."""

    class TicketType(models.TextChoices):
        RETURN = "return"
        TROUBLESHOOTING = "troubleshooting"
        RECOMMENDATION = "recommendation"
        ORDER_ISSUE = "order_issue"
        SHIPPING = "shipping"
        BILLING = "billing"
        OTHER = "other"

    class Channel(models.TextChoices):
        WEB = "web"
        EMAIL = "email"
        PHONE = "phone"
        CHAT = "chat"

    class Priority(models.TextChoices):
        LOW = "low"
        NORMAL = "normal"
        HIGH = "high"

    class Status(models.TextChoices):
        NEW = "new"
        OPEN = "open"
        PENDING_CUSTOMER = "pending_customer"
        RESOLVED = "resolved"
        CLOSED = "closed"

    class ClosureReason(models.TextChoices):
        RESOLVED_SUCCESS = "resolved_success"
        CUSTOMER_ABANDONED = "customer_abandoned"
        DUPLICATE = "duplicate"
        INVALID_REQUEST = "invalid_request"
        OTHER = "other"

    id_pattern = IdPattern("tick")

    customer = Reference("Customer")
    order = Reference("Order", null=True, blank=True)
    build = Reference("Build", null=True, blank=True)
    ticket_type = models.CharField(max_length=20, choices=TicketType.choices, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    priority = models.CharField(max_length=10, choices=Priority.choices)
    status = models.CharField(max_length=20, choices=Status.choices)
    subject = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    assigned_employee = Reference("Employee", null=True, blank=True)
    resolution = Reference("Resolution", null=True, blank=True)
    closure_reason = models.CharField(max_length=20, choices=ClosureReason.choices, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)


class Resolution(Entity):
    """How a ticket was settled."""

    class Outcome(models.TextChoices):
        REFUND_ISSUED = "refund_issued"
        REPLACEMENT_SENT = "replacement_sent"
        RECOMMENDATION_PROVIDED = "recommendation_provided"
        TROUBLESHOOTING_STEPS = "troubleshooting_steps"
        ORDER_UPDATED = "order_updated"
        NO_ACTION = "no_action"

    id_pattern = IdPattern("res")
    updated = None

    ticket = Reference("SupportTicket")
    outcome = models.CharField(max_length=30, choices=Outcome.choices)
    details = models.TextField(blank=True)
    resolved_by = Reference("Employee", null=True, blank=True)
    linked_refund = Reference("Refund", null=True, blank=True)
    created_at = models.DateTimeField()


class CustomerMessage(Entity):
    """What an agent wrote to a customer; no world starts with any."""

    class Channel(models.TextChoices):
        EMAIL = "email"
        CHAT = "chat"
        PHONE_NOTE = "phone_note"

    id_pattern = IdPattern("msg")
    created = "sent_at"
    updated = None

    customer = Reference("Customer")
    ticket = Reference("SupportTicket", null=True, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    sent_at = models.DateTimeField()
    created_at = models.DateTimeField(null=True, blank=True, help_text="as some imports have it")
