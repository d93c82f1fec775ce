"""Customers, the tiers they belong to, and the people who work here."""

from typing import Literal

from django.db import models

from simulation.environments.corecraft.models.addresses import Address
from simulation.fields import MoneyField, Reference, ValueField
from simulation.models import Entity

ContactWay = Literal["email", "phone", "sms"]
Permission = Literal[
    "issue_refund", "edit_order", "cancel_order", "escalate", "kb_edit", "policy_override"
]


class Customer(Entity):
    """Somebody who buys here."""

    class Tier(models.TextChoices):
        NONE = "none"
        SILVER = "silver"
        GOLD = "gold"
        PLATINUM = "platinum"

    updated = None

    name = models.CharField(max_length=200)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    date_of_birth = models.DateField()
    loyalty_tier = models.CharField(max_length=10, choices=Tier.choices)
    addresses = ValueField(list[Address])
    communication_preferences = ValueField(
        list[ContactWay], null=True, blank=True, help_text="how the customer wants to be contacted"
    )
    created_at = models.DateTimeField(
        null=True, blank=True, help_text="when the account was opened"
    )


class Employee(Entity):
    """Somebody who works here."""

    class Department(models.TextChoices):
        OPERATIONS = "operations"
        ORDER_PROCESSING = "order_processing"
        ENGINEERING = "engineering"
        HELP_DESK = "help_desk"
        IT_SYSTEMS = "it_systems"
        PRODUCT_MANAGEMENT = "product_management"
        FINANCE = "finance"
        HR = "hr"
        RECRUITMENT = "recruitment"
        SUPPORT = "support"

    class SupportRole(models.TextChoices):
        FRONTLINE = "frontline"
        SPECIALIST = "specialist"
        TECH_LEAD = "tech_lead"
        ADMIN = "admin"

    updated = None

    name = models.CharField(max_length=200)
    email = models.EmailField()
    title = models.CharField(max_length=200)
    department = models.CharField(max_length=20, choices=Department.choices)
    manager = Reference("Employee", null=True, blank=True)
    permissions = ValueField(list[Permission])
    support_role = models.CharField(max_length=10, choices=SupportRole.choices, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)


class LoyaltyTier(Entity):
    """What customers of one tier get."""

    updated = None

    name = models.CharField(max_length=200)
    discount_rate = models.DecimalField(
        max_digits=5, decimal_places=4, help_text="share taken off goods: 0.05 is 5 percent"
    )
    minimum_yearly_spend = MoneyField(help_text="USD")
    benefits = ValueField(list[str])
    created_at = models.DateTimeField(null=True, blank=True)
