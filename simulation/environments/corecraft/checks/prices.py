"""What an order costs, told from its rows."""

from collections.abc import Sequence
from decimal import Decimal

from simulation.entities import Row
from simulation.environments.corecraft.terms import FEES, RATES
from simulation.integrity.inspection import Inspection
from simulation.values import CENT, amount, instant_key, money

ZERO = Decimal(0)


def rate_of(inspection: Inspection, order: Row) -> Decimal:
    """Give the share that the customer's tier takes off goods; 0 for an unknown customer."""
    customer = inspection.get("customer", order["customerId"])
    tier = customer["loyaltyTier"] if customer else "none"
    row = inspection.get("loyalty_tier", tier)
    return money(row["discountRate"]) if row else RATES[tier]


def goods_of(inspection: Inspection, lines: Sequence[Row]) -> list[tuple[Row, Decimal]] | None:
    """Give (product, price of the line) of each; None when a product is missing."""
    found = [(inspection.get("product", line["productId"]), line["qty"]) for line in lines]
    if any(product is None for product, _ in found):
        return None
    return [(product, money(product["price"]) * qty) for product, qty in found if product]


def totals(inspection: Inspection, order: Row) -> set[float]:
    """Give what may be asked for an order; nothing when a product or the service is unknown.

    There may be two amounts, a cent apart: the exact total rounded, and the total of rounded parts.
    """
    goods, service = goods_of(inspection, order["lineItems"]), order.get("shipping")
    if goods is None or service is None:
        return set()
    subtotal = sum((price for _, price in goods), ZERO)
    off = _discount(inspection, order, goods, subtotal)
    fee = FEES[service["service"]]
    return {amount(subtotal - off + fee), amount(subtotal - money(amount(off)) + fee)}


def promotion_of(inspection: Inspection, order: Row) -> Row | None:
    code = order.get("promotionCode", "").casefold()
    rows = inspection.rows("promotion") if code else ()
    return next((row for row in rows if row["code"].casefold() == code), None)


def why_not(promotion: Row, order: Row, subtotal: Decimal) -> str:
    """Say why a promotion takes nothing off an order; "" when it does."""
    moment = instant_key(order["createdAt"])
    if not instant_key(promotion["startsAt"]) <= moment <= instant_key(promotion["endsAt"]):
        return f"it runs from {promotion['startsAt']} to {promotion['endsAt']}"
    least = money(promotion.get("minimumSubtotal", 0))
    if subtotal < least:
        return f"the goods are {subtotal.quantize(CENT)} USD, and {least} USD is the least"
    return ""


def _discount(
    inspection: Inspection, order: Row, goods: Sequence[tuple[Row, Decimal]], subtotal: Decimal
) -> Decimal:
    """Take off the tier's share, then the promotion; where they do not stack, the larger one."""
    rate, promotion = rate_of(inspection, order), promotion_of(inspection, order)
    loyal = subtotal * rate
    if promotion is None or why_not(promotion, order, subtotal):
        return loyal
    eligible = _eligible(promotion, goods)
    if promotion["stacksWithLoyalty"]:
        return loyal + _taken_off(promotion, eligible * (1 - rate))
    return max(loyal, _taken_off(promotion, eligible))


def _eligible(promotion: Row, goods: Sequence[tuple[Row, Decimal]]) -> Decimal:
    """Add up what the promotion is for: named products, categories, or everything."""
    products, categories = promotion.get("productIds", ()), promotion.get("categories", ())
    if promotion["kind"] == "bundle" and not set(products) <= {row["id"] for row, _ in goods}:
        return ZERO
    if not products and not categories:
        return sum((price for _, price in goods), ZERO)
    meant = (
        price for row, price in goods if row["id"] in products or row["category"] in categories
    )
    return sum(meant, ZERO)


def _taken_off(promotion: Row, eligible: Decimal) -> Decimal:
    value = money(promotion["value"])
    return eligible * value / 100 if promotion["kind"] == "percent" else min(value, eligible)
