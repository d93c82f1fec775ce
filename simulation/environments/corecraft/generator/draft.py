"""The world while it is made, and the list of what in it was made on purpose."""

from dataclasses import dataclass, field
from typing import Any

from simulation.environments.corecraft.generator.catalogue import Catalogue, catalogue
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.levels import Level
from simulation.environments.corecraft.generator.records import (
    Build,
    Customer,
    Employee,
    Escalation,
    Message,
    Order,
    Refund,
    Ticket,
)


@dataclass
class Draft:
    """What the areas add to, one after the other."""

    seed: int
    size: float
    catalogue: Catalogue = field(default_factory=catalogue)
    employees: list[Employee] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    households: list[tuple[Customer, Customer]] = field(default_factory=list)
    namesakes: list[tuple[Customer, Customer]] = field(default_factory=list)
    doubles: list[tuple[Customer, Customer]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    builds: list[Build] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    notes: list[tuple[str, Any, str]] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def dice(self, area: str) -> Dice:
        return Dice(self.seed, area)

    def scaled(self, count: int, most: int | None = None) -> int:
        """Give so many at size 1, more or fewer at others, one at least."""
        wanted = max(1, int(count * self.size + 0.5))
        return wanted if most is None else min(wanted, most)

    def note(self, entity_type: str, row: Any, noise: str) -> None:
        """Enter a row in the manifest."""
        self.notes.append((entity_type, row, noise))
