"""What is sold."""

from typing import Annotated

from django.db import models
from pydantic import Field

from simulation.environments.corecraft.models.specs import Specs
from simulation.fields import MoneyField, ValueField
from simulation.models import Entity
from simulation.values import Value


class Inventory(Value):
    """What the shop shows of the stock of all warehouses."""

    in_stock: Annotated[int, Field(ge=0)]
    backorderable: bool


class Product(Entity):
    """Something in the catalogue."""

    class Category(models.TextChoices):
        CPU = "cpu"
        MOTHERBOARD = "motherboard"
        GPU = "gpu"
        MEMORY = "memory"
        STORAGE = "storage"
        PSU = "psu"
        CASE = "case"
        COOLING = "cooling"
        PREBUILT = "prebuilt"
        WORKSTATION = "workstation"
        MONITOR = "monitor"
        KEYBOARD = "keyboard"
        MOUSE = "mouse"
        HEADSET = "headset"
        NETWORKING = "networking"
        CABLE = "cable"
        ACCESSORY = "accessory"
        BUNDLE = "bundle"

    updated = None

    name = models.CharField(max_length=200, help_text="begins with the brand")
    brand = models.CharField(max_length=200)
    sku = models.CharField(max_length=80)
    category = models.CharField(max_length=20, choices=Category.choices)
    price = MoneyField(help_text="USD")
    inventory = ValueField(Inventory)
    specs = ValueField(Specs)
    warranty_months = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
