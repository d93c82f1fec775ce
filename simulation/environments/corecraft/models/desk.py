"""What colleagues tell each other: escalated tickets and the channels of the chat."""

from typing import Annotated

from django.db import models

from simulation.entities import IdPattern
from simulation.environments.corecraft.models.people import Employee
from simulation.fields import Reference, ValueField
from simulation.models import Entity
from simulation.values import Id, Ref, Value


class Escalation(Entity):
    """A ticket that was handed to a department."""

    class Type(models.TextChoices):
        TECHNICAL = "technical"
        POLICY_EXCEPTION = "policy_exception"
        PRODUCT_SPECIALIST = "product_specialist"
        INSUFFICIENT_PERMISSION = "insufficient_permission"
        WARRANTY = "warranty"
        ORDER_FULFILLMENT = "order_fulfillment"
        BILLING_PAYMENT = "billing_payment"
        SUPPORT_ESCALATION = "support_escalation"

    id_pattern = IdPattern("esc")
    updated = None

    ticket = Reference("SupportTicket")
    escalation_type = models.CharField(max_length=30, choices=Type.choices)
    destination = models.CharField(
        max_length=20, choices=Employee.Department.choices, help_text="the department"
    )
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)


class Reaction(Value):
    """An emoji under a message, and who put it there."""

    emoji: str
    employee_ids: list[Annotated[Id, Ref("employee")]]


class SlackChannel(Entity):
    """A room of the company's chat."""

    updated = None

    name = models.CharField(max_length=200)
    purpose = models.TextField()
    members = ValueField(list[Annotated[Id, Ref("employee")]])
    created_at = models.DateTimeField(null=True, blank=True)


class SlackMessage(Entity):
    """What somebody wrote in a channel."""

    id_pattern = IdPattern("slack")
    created = "timestamp"
    updated = None

    channel = Reference("SlackChannel")
    author = Reference("Employee")
    text = models.TextField()
    ticket = Reference("SupportTicket", null=True, blank=True)
    reactions = ValueField(list[Reaction], null=True, blank=True)
    timestamp = models.DateTimeField()
    created_at = models.DateTimeField(null=True, blank=True, help_text="as some imports have it")
