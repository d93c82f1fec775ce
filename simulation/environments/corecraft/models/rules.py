"""What the company promises: answer times and warranties, and the claims that are made on them."""

from django.db import models

from simulation.entities import IdPattern
from simulation.environments.corecraft.models.people import Customer
from simulation.environments.corecraft.models.tickets import SupportTicket
from simulation.fields import Reference, ValueField
from simulation.models import Entity


class Sla(Entity):
    """How soon a kind of ticket is to be answered and settled."""

    updated = None

    name = models.CharField(max_length=200)
    ticket_type = models.CharField(
        max_length=20, choices=SupportTicket.TicketType.choices, blank=True
    )
    priority = models.CharField(max_length=10, choices=SupportTicket.Priority.choices)
    loyalty_tier = models.CharField(max_length=10, choices=Customer.Tier.choices, blank=True)
    first_response_minutes = models.PositiveIntegerField()
    resolution_minutes = models.PositiveIntegerField()
    business_hours_only = models.BooleanField()
    created_at = models.DateTimeField(null=True, blank=True)

    class Meta(Entity.Meta):
        verbose_name = "SLA"
        verbose_name_plural = "SLAs"


class WarrantyPolicy(Entity):
    """What a warranty covers and for how long."""

    updated = None

    name = models.CharField(max_length=200)
    months = models.PositiveIntegerField()
    covers = ValueField(list[str])
    excludes = ValueField(list[str])
    transferable = models.BooleanField(help_text="whether a second owner has it too")
    created_at = models.DateTimeField(null=True, blank=True)

    class Meta(Entity.Meta):
        verbose_name_plural = "warranty policies"


class WarrantyClaim(Entity):
    """What a customer claims under a warranty; no world starts with any."""

    class Reason(models.TextChoices):
        DEFECT = "defect"
        MALFUNCTION = "malfunction"

    class Status(models.TextChoices):
        PENDING_REVIEW = "pending_review"
        ACCEPTED = "accepted"
        DENIED = "denied"

    class DenialReason(models.TextChoices):
        PRODUCT_MISUSE = "product_misuse"
        UNCOVERED_DAMAGE = "uncovered_damage"
        OUT_OF_WARRANTY = "out_of_warranty"
        UNAUTHORIZED_MODIFICATION = "unauthorized_modification"
        INSUFFICIENT_EVIDENCE = "insufficient_evidence"

    id_pattern = IdPattern("claim")
    updated = None

    product = Reference("Product")
    order = Reference("Order")
    customer = Reference("Customer")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    status = models.CharField(max_length=20, choices=Status.choices)
    denial_reason = models.CharField(max_length=30, choices=DenialReason.choices, blank=True)
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField()
