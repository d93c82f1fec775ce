"""What is sold, where it lies, and what is put together from it."""

from typing import Annotated, Literal

from django.db import models
from pydantic import Field

from simulation.entities import IdPattern
from simulation.environments.corecraft.models.specs import Specs
from simulation.fields import MoneyField, Reference, ValueField
from simulation.models import Entity
from simulation.values import Id, Ref, Value

CategoryName = Literal[
    "cpu", "motherboard", "gpu", "memory", "storage", "psu", "case", "cooling", "prebuilt",
    "workstation", "monitor", "keyboard", "mouse", "headset", "networking", "cable", "accessory",
    "bundle",
]  # fmt: skip


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
    warranty_policy = Reference("WarrantyPolicy", null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)


class InventoryLevel(Entity):
    """How many pieces of a product lie in one warehouse."""

    updated = None

    product = Reference("Product")
    warehouse = models.CharField(max_length=200)
    on_hand = models.PositiveIntegerField(help_text="pieces on the shelf")
    reserved = models.PositiveIntegerField(help_text="pieces of them that are promised to orders")
    reorder_point = models.PositiveIntegerField(help_text="more are bought below this number")
    next_arrival = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)


class CompatibilityRule(Entity):
    """Something that must hold between parts of one machine."""

    class Severity(models.TextChoices):
        ERROR = "error"
        WARNING = "warning"

    updated = None

    name = models.CharField(max_length=200)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    applies_to_categories = ValueField(list[CategoryName])
    expression = models.TextField(help_text="the fields that are compared")
    message = models.TextField(help_text="what is said when it does not hold")
    created_at = models.DateTimeField(null=True, blank=True)


class Build(Entity):
    """Parts that make one machine, put together by a customer or by the company."""

    class OwnerType(models.TextChoices):
        CUSTOMER = "customer"
        INTERNAL = "internal"

    id_pattern = IdPattern("build")

    name = models.CharField(max_length=200, blank=True)
    owner_type = models.CharField(max_length=10, choices=OwnerType.choices)
    customer = Reference("Customer", null=True, blank=True)
    component_ids = ValueField(
        list[Annotated[Id, Ref("product")]], help_text="products; two of one are written twice"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)
