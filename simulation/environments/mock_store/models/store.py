from typing import Annotated

from django.db import models
from pydantic import Field

from simulation.entities import IdPattern
from simulation.fields import MoneyField, Reference, ValueField
from simulation.models import Entity
from simulation.values import Ref, Value


class Line(Value):
    """So many of one item."""

    item_id: Annotated[str, Ref("item")]
    qty: Annotated[int, Field(ge=1)]


class Item(Entity):
    """Something on the shelf."""

    created = None

    name = models.CharField(max_length=200)
    price = MoneyField()
    in_stock = models.IntegerField()
    note = models.TextField(blank=True)


class Sale(Entity):
    """Items sold to somebody, perhaps in place of an earlier sale."""

    class Status(models.TextChoices):
        OPEN = "open"
        PAID = "paid"
        VOID = "void"

    id_pattern = IdPattern("sale")

    buyer = models.CharField(max_length=200)
    lines = ValueField(list[Line])
    status = models.CharField(max_length=10, choices=Status.choices)
    replaces = Reference("Sale", null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)
