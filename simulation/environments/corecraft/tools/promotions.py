"""Promotions: whether a code may be used, for which goods, and what it takes off them.

A code that nothing has is not found. One that does not run, or that these goods do not earn, is a
conflict that says why: a price without the discount would read as if the code had been used.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from simulation.entities import Row
from simulation.environments.corecraft.models import Promotion
from simulation.environments.corecraft.tools.sales import Sale, subtotal
from simulation.errors import Conflict, NotFound
from simulation.state import WorldState
from simulation.values import instant_key, money

_FIELD = "promotion_code"


@dataclass(frozen=True, slots=True)
class Discounts:
    """What is taken off goods: a share of all of them, and then an amount of USD."""

    rate: Decimal
    taken: Decimal = Decimal(0)

    def of(self, sales: Iterable[Sale]) -> Decimal:
        return subtotal(sales) * self.rate + self.taken


def discounts(promotion: Row | None, sales: Sequence[Sale], rate: Decimal) -> Discounts:
    """Give what a tier and a promotion take off together, or the larger of the two alone."""
    if promotion is None:
        return Discounts(rate)
    if promotion["stacksWithLoyalty"]:
        return Discounts(rate, _taken_off(promotion, sales, 1 - rate))
    alone = Discounts(Decimal(0), _taken_off(promotion, sales, Decimal(1)))
    loyalty = Discounts(rate)
    return alone if alone.of(sales) > loyalty.of(sales) else loyalty


def running_promotion(world: WorldState, code: str) -> Row:
    """Find the promotion of a code that runs at the clock, both ends included.

    Raises NotFound when nothing has the code, Conflict when what has it does not run.
    """
    named = promotions_named(world, code)
    if not named:
        raise NotFound(f"there is no promotion with the code {code!r}", field=_FIELD)
    for promotion in named:
        if runs_at(promotion, world.now):
            return promotion
    last = named[-1]
    raise Conflict(
        f"promotion {last['code']} runs from {last['startsAt']} to {last['endsAt']},"
        f" and it is {world.now}",
        field=_FIELD,
    )


def promotions_named(world: WorldState, code: str) -> list[Row]:
    """Give the promotions of a code, case ignored, by their start: a code may be used again."""
    wanted = code.casefold()
    named = (row for row in world.rows("promotion") if row["code"].casefold() == wanted)
    return sorted(named, key=lambda row: (instant_key(row["startsAt"]), row["id"]))


def runs_at(promotion: Row, moment: str) -> bool:
    return (
        instant_key(promotion["startsAt"])
        <= instant_key(moment)
        <= instant_key(promotion["endsAt"])
    )


def check_applies(promotion: Row, sales: Sequence[Sale]) -> None:
    """Raise Conflict, with what is missing, when these goods do not earn the promotion."""
    code, covered = promotion["code"], [sale for sale in sales if is_for(promotion, sale.product)]
    if not covered:
        raise Conflict(f"promotion {code} is for {_goods_in_words(promotion)}", field=_FIELD)
    if missing := _missing_parts(promotion, sales):
        raise Conflict(f"promotion {code} needs {', '.join(missing)} as well", field=_FIELD)
    minimum, goods = money(promotion.get("minimumSubtotal", 0)), subtotal(covered)
    if goods < minimum:
        raise Conflict(
            f"promotion {code} needs {minimum} USD or more of goods that it is for;"
            f" these are {goods}",
            field=_FIELD,
        )


def is_for(promotion: Row, product: Row) -> bool:
    """Tell whether a product is one of those named or in one of the categories; all are if none."""
    categories, products = promotion.get("categories"), promotion.get("productIds")
    if not categories and not products:
        return True
    return product["category"] in (categories or ()) or product["id"] in (products or ())


def _taken_off(promotion: Row, sales: Iterable[Sale], share: Decimal) -> Decimal:
    """Give what a promotion takes off goods of which a share is to be paid; never more than that.

    A percentage is taken of the goods that it is for, an amount once.
    """
    goods = subtotal(sale for sale in sales if is_for(promotion, sale.product)) * share
    value = money(promotion["value"])
    wanted = goods * value / 100 if promotion["kind"] == Promotion.Kind.PERCENT else value
    return max(min(wanted, goods), Decimal(0))


def _missing_parts(promotion: Row, sales: Sequence[Sale]) -> list[str]:
    """Name what a bundle is made of and is not bought."""
    if promotion["kind"] != Promotion.Kind.BUNDLE:
        return []
    bought = {sale.product["id"] for sale in sales}
    return [key for key in promotion.get("productIds", ()) if key not in bought]


def _goods_in_words(promotion: Row) -> str:
    named = [*promotion.get("categories", ()), *promotion.get("productIds", ())]
    return f"{', '.join(named)} only"
