"""Orders whose parts do not fit each other, each with one cheapest repair from stock."""

from collections.abc import Sequence

from simulation.environments.corecraft.generator.baskets import whole_machine
from simulation.environments.corecraft.generator.catalogue import Catalogue, Product
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.fit import conflicts, repairs
from simulation.environments.corecraft.generator.records import Line, Order

ORDERS = 25
_MOST = 100
# which part is swapped for a wrong one, and what stands on the order beside it
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cpu", ("cpu", "motherboard", "memory")),
    ("memory", ("cpu", "motherboard", "memory", "storage")),
    ("gpu", ("case", "gpu", "psu")),
    ("motherboard", ("motherboard", "case", "memory", "cpu")),
    ("cooling", ("cpu", "motherboard", "memory", "case", "cooling")),
    ("psu", ("gpu", "psu", "case", "storage")),
)


def plan_mismatches(draft: Draft) -> None:
    """Rewrite some orders without best sellers, mostly recent ones."""
    dice = draft.dice("mismatches")
    plain = [order for order in draft.orders if not order.edge and _is_free(order)]
    recent = dice.shuffled(plain[-len(plain) // 3 :])
    count = draft.scaled(ORDERS, most=_MOST)
    chosen = recent[: count * 3 // 4]
    chosen += dice.some(plain[: -len(plain) // 3], count - len(chosen))
    for number, order in enumerate(chosen):
        order.lines = _mismatch(dice, order, draft.catalogue, _KINDS[number % len(_KINDS)])
        draft.note("order", order, "incompatible_parts")


def cheapest_repair(parts: Sequence[Product], catalogue: Catalogue) -> tuple[int, Product] | None:
    """Give the one swap whose new part costs least, None when there is none or two do."""
    swaps = repairs(parts, catalogue)
    prices = [other.price for _, other in swaps]
    lowest = min(prices, default=None)
    return swaps[prices.index(lowest)] if lowest and prices.count(lowest) == 1 else None


def _is_free(order: Order) -> bool:
    return len(order.lines) == 1 and order.lines[0].product.category != "bundle"


def _mismatch(
    dice: Dice, order: Order, catalogue: Catalogue, kind: tuple[str, tuple[str, ...]]
) -> list[Line]:
    swapped, categories = kind
    while True:
        trial = Order(order.created, [])
        whole_machine(dice, trial, catalogue, categories)
        parts = [
            dice.one(catalogue.of(swapped)) if p.category == swapped else p for p in trial.products
        ]
        is_whole = len(parts) == len(categories)
        if is_whole and _is_one_mismatch(parts) and cheapest_repair(parts, catalogue):
            return [Line(part) for part in parts]


def _is_one_mismatch(parts: Sequence[Product]) -> bool:
    """Radiators are no riddle: what a case takes of them is no field of its own."""
    found = conflicts(parts)
    return len(found) == 1 and found != ["radiator"]
