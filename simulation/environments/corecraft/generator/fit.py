"""Whether the products of the catalogue fit each other, by the rules that the tools ask."""

from collections.abc import Iterable, Sequence

from simulation.environments.corecraft.generator.catalogue import Catalogue, Product
from simulation.environments.corecraft.machines import Machine, broken


def conflicts(products: Iterable[Product]) -> list[str]:
    """Name every rule that these parts break when they are built into one machine."""
    return list(broken(_machine(products)))


def fits(products: Iterable[Product]) -> bool:
    return next(broken(_machine(products)), None) is None


def repairs(parts: Sequence[Product], catalogue: Catalogue) -> list[tuple[int, Product]]:
    """Find every swap of one part for another in stock, of its category, after which all fit."""
    found = []
    for index, part in enumerate(parts):
        for other in catalogue.of(part.category):
            swapped = [*parts[:index], other, *parts[index + 1 :]]
            if other.stock and other is not part and fits(swapped):
                found.append((index, other))
    return found


def _machine(products: Iterable[Product]) -> Machine:
    return Machine((product, 1) for product in products)
