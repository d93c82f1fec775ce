"""A product's stock in one warehouse, while the world is made."""

import datetime as dt
from dataclasses import dataclass

from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.texts import slug


@dataclass(eq=False, slots=True)
class Level:
    """How much of a product lies in one warehouse."""

    product: Product
    warehouse: str
    on_hand: int
    reserved: int
    reorder_point: int
    arrival: dt.datetime | None = None

    @property
    def id(self) -> str:
        return f"{self.product.id}-{slug(self.warehouse)}"
