"""A shelf of items and a few sales."""

import random
from dataclasses import dataclass, field
from typing import Any

VERSION = "1"
NOW = "2025-09-15T19:00:00Z"
AGENT_EMPLOYEE_ID = ""
BUYERS = ("ana", "bo", "cy")
STATUSES = ("open", "paid", "void")


@dataclass(frozen=True)
class GeneratedWorld:
    entities: dict[str, dict[str, dict[str, Any]]]
    manifest: list[dict[str, str]] = field(default_factory=list)


def generate(*, seed: int = 7, size: float = 1.0) -> GeneratedWorld:
    """Make 20 × size sales of five items."""
    random_ = random.Random(seed)  # noqa: S311
    items = {
        f"item-{number}": {"name": f"Item {number}", "price": 5.0 * number, "inStock": 10}
        for number in range(1, 6)
    }
    sales = {}
    for number in range(1, int(20 * size) + 1):
        moment = f"2025-09-{number % 14 + 1:02d}T10:00:00Z"
        key = f"sale-2509{number % 14 + 1:02d}-{number:03d}"
        line = {"itemId": f"item-{random_.randint(1, 5)}", "qty": random_.randint(1, 3)}
        sales[key] = {
            "buyer": random_.choice(BUYERS),
            "lines": [line],
            "status": random_.choice(STATUSES),
            "createdAt": moment,
            "updatedAt": moment,
        }
    return GeneratedWorld({"item": items, "sale": sales})
