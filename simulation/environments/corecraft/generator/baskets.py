"""What is in the orders: best sellers of the month, whole machines, odds and ends."""

from collections.abc import Sequence

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.catalogue import MACHINES, Catalogue, Product
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.fit import conflicts, fits
from simulation.environments.corecraft.generator.records import Line, Order

_EDGE_LINES = 4
_MOST_HOT_LINES = 4
_CORE = ("cpu", "motherboard", "memory", "gpu", "psu", "case", "cooling")
_INSIDE = (*_CORE, "storage")
_ALONE = (*MACHINES, "bundle")
# how often a category is bought by itself
_DEMAND = {
    "storage": 14, "memory": 9, "gpu": 10, "cpu": 6, "motherboard": 5, "psu": 6, "case": 6,
    "cooling": 7, "monitor": 12, "keyboard": 9, "mouse": 10, "headset": 9, "networking": 9,
    "cable": 10, "accessory": 10, "prebuilt": 9, "workstation": 3, "bundle": 4,
}  # fmt: skip
_LINE_COUNTS = {1: 46, 2: 29, 3: 16, 4: 9}
_IN_NUMBERS = {"cable", "monitor", "keyboard", "mouse", "headset"}


def fill_baskets(draft: Draft) -> None:
    """Give every order its lines."""
    months: dict[str, list[Order]] = {}
    for order in draft.orders:
        months.setdefault(order.created.strftime("%Y-%m"), []).append(order)
    hot = texts.table("demand.toml")["hot"]
    for month, orders in months.items():
        dice = draft.dice(f"baskets {month}")
        products = [draft.catalogue.get(name) for name in hot.get(month, ())]
        _fill_edges(dice, orders, products)
        _spread(dice, orders, products, draft.size)
        for order in orders:
            _fill_up(dice, order, draft.catalogue)


def may_join(order: Order, product: Product) -> bool:
    """Tell whether a product can stand on an order without raising the question whether it fits."""
    if order.has(product):
        return False
    together = [*order.products, product]
    if any(each.category in _ALONE for each in together):
        return sum(each.category in (*_INSIDE, *_ALONE) for each in together) < 2
    single = [each.category for each in together if each.category in _CORE]
    if len(single) > len(set(single)):
        return False
    inside = [each for each in together if each.category in _INSIDE]
    return product.category not in _INSIDE or fits(inside)


def whole_machine(
    dice: Dice, order: Order, catalogue: Catalogue, categories: Sequence[str]
) -> None:
    """Add a part of every category that is still missing, each fitting those before."""
    for category in categories:
        if all(product.category != category for product in order.products):
            add_fitting(dice, order, catalogue.of(category))


def add_fitting(dice: Dice, order: Order, products: Sequence[Product]) -> bool:
    """Add one of the products that is in stock and fits. False when none does."""
    chosen = next(
        (each for each in dice.shuffled(products) if each.stock and may_join(order, each)), None
    )
    if chosen:
        order.lines.append(Line(chosen))
    return chosen is not None


def _fill_edges(dice: Dice, orders: Sequence[Order], hot: Sequence[Product]) -> None:
    """Let orders of the first and last hour hold best sellers, each of them in turn."""
    waiting = dice.shuffled(hot)
    for order in orders:
        if order.edge and hot:
            for product in (waiting or dice.shuffled(hot))[:_EDGE_LINES]:
                if may_join(order, product):
                    order.lines.append(Line(product))
            waiting = waiting[_EDGE_LINES:]


def _spread(dice: Dice, orders: Sequence[Order], hot: Sequence[Product], size: float) -> None:
    """Put every best seller on eleven to fifteen orders of the month (at size 1)."""
    for product in hot:
        wanted = int(dice.number(11, 15) * size + 0.5) - sum(order.has(product) for order in orders)
        for order in dice.shuffled(orders):
            if wanted > 0 and len(order.lines) < _MOST_HOT_LINES and may_join(order, product):
                order.lines.append(Line(product))
                wanted -= 1


def _fill_up(dice: Dice, order: Order, catalogue: Catalogue) -> None:
    had = len(order.lines)
    if dice.chance(12) and not any(product.category in _ALONE for product in order.products):
        whole_machine(dice, order, catalogue, dice.one([_CORE, _CORE, _CORE[:3], _INSIDE]))
    elif had < 2 or dice.chance(30):
        for _ in range(dice.weighted(_LINE_COUNTS) - had // 2):
            add_fitting(dice, order, catalogue.of(dice.weighted(_DEMAND)))
    while not order.lines:
        add_fitting(dice, order, catalogue.of(dice.weighted(_DEMAND)))
    for line in order.lines[had:]:
        line.qty = _quantity(dice, line.product)


def _quantity(dice: Dice, product: Product) -> int:
    if product.category == "accessory" and not product.is_plain:
        return dice.weighted({1: 70, 2: 20, 3: 6, 4: 4})
    if product.category in _IN_NUMBERS:
        return dice.weighted({1: 82, 2: 13, 3: 2, 4: 1, 6: 1, 8: 1})
    return 1


def broken_rules(order: Order) -> list[str]:
    """Name the rules that the loose parts of an order break."""
    return conflicts(product for product in order.products if product.category not in _ALONE)
