"""What lies in the warehouses: together it is what the shop shows, and what open orders hold."""

import datetime as dt
from collections import Counter

from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.deliveries import WAREHOUSES, warehouse_of
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.levels import Level
from simulation.environments.corecraft.generator.moments import NOW, after
from simulation.environments.corecraft.generator.records import Order

SHOP = "Austin, TX"
SHORT = 22  # percent of the levels that are short although the product is not sold out
_NO_DATE = 15  # percent of the short ones for which no delivery is announced
# what the shop in Austin keeps besides selling it
_ON_DISPLAY = ("monitor", "keyboard", "mouse", "headset", "cable", "accessory", "networking")
_HELD = ("pending", "paid", "backorder")
Held = Counter[tuple[Product, str]]


def plan_stock(draft: Draft) -> None:
    """Spread every product's stock over the warehouses, and add what open orders hold there."""
    dice, held = draft.dice("stock"), _held(draft.orders)
    for product in draft.catalogue:
        for warehouse, free in _spread(dice, product).items():
            reserved = held[product, warehouse]
            level = Level(product, warehouse, free + reserved, reserved, 0)
            level.reorder_point = _reorder_point(dice, free)
            if free < level.reorder_point:
                level.arrival = _arrival(dice, level)
            draft.levels.append(level)


def holds_goods(order: Order) -> bool:
    """Tell whether the goods of an order still lie in the warehouse."""
    return order.status in _HELD and order.picked_up is None


def _held(orders: list[Order]) -> Held:
    """Count what open orders hold. Of a backorder, what is sold out is still to come."""
    held: Held = Counter()
    for order in filter(holds_goods, orders):
        for line in order.lines:
            if line.product.stock or order.status != "backorder":
                held[line.product, warehouse_of(order)] += line.qty
    return held


def _spread(dice: Dice, product: Product) -> dict[str, int]:
    shop = product.stock * dice.number(6, 18) // 100 if product.category in _ON_DISPLAY else 0
    west = (product.stock - shop) * dice.number(32, 66) // 100
    spread = dict(zip(WAREHOUSES, (west, product.stock - shop - west), strict=True))
    return spread | ({SHOP: shop} if product.category in _ON_DISPLAY else {})


def _reorder_point(dice: Dice, free: int) -> int:
    """Reorder at a part of what usually lies there; here and there less lies there than that."""
    if free == 0:
        return dice.number(1, 4)
    if dice.chance(SHORT):
        return free + dice.number(1, max(2, free // 2))
    return max(1, free * dice.number(20, 55) // 100)


def _arrival(dice: Dice, level: Level) -> dt.datetime | None:
    """Announce what is short; of what is sold out everywhere something always comes to the east."""
    certain = not level.product.stock and level.warehouse == WAREHOUSES[-1]
    if not certain and dice.chance(_NO_DATE):
        return None
    day = after(NOW, days=dice.number(1, 34)).replace(hour=dice.number(12, 20))
    return day.replace(minute=dice.one((0, 15, 30, 45)))
