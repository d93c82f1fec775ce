"""The campaigns of data/promotions.toml, and the orders in which their codes were given."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.moments import month_span
from simulation.environments.corecraft.generator.offers import Offer, bill
from simulation.environments.corecraft.generator.records import Order
from simulation.values import CENT

MORE_OF_REFUNDED = 3  # times as often, since tasks ask what is refunded of such orders
# the refunds of this month are added up in tasks, so the prices behind them stay plain
_CLOSING = month_span("2025-07")
# what is written about these orders explains prices without any code
_PLAIN_TALK = {"tier_not_applied", "refund_amount", "price_drop"}


@cache
def offers() -> tuple[Offer, ...]:
    return tuple(_offer(row) for row in texts.table("promotions.toml")["promotion"])


def plan_promotions(draft: Draft) -> None:
    """Let some customers give a code while its campaign runs."""
    dice = draft.dice("promotions")
    for order in draft.orders:
        mark = dice.number(0, 99)
        order.offer = _chosen(mark, order) if _may_use(order) else None
        if order.offer and not order.bill.offer:
            draft.note("order", order, "promotion_below_tier_discount")


def _offer(row: dict[str, Any]) -> Offer:
    return Offer(**{name: _frozen(each) for name, each in row.items()})


def _frozen(value: Any) -> Any:
    """Give a list as a tuple and an amount, which is written without cents, as a Decimal."""
    if isinstance(value, list):
        return tuple(value)
    return Decimal(value) if type(value) is int else value


def _chosen(mark: int, order: Order) -> Offer | None:
    """Choose by one mark for each order, so that no order's choice changes another's."""
    often = MORE_OF_REFUNDED if order.refunds else 1
    return next((offer for offer in _fitting(order) if mark < offer.share * often), None)


def _fitting(order: Order) -> Iterable[Offer]:
    for offer in offers():
        in_time = offer.starts <= order.created <= offer.ends
        known = not offer.first_order or order is order.customer.orders[0]
        if in_time and known and offer.fulfilled_by(order.goods) and _plain(offer, order):
            yield offer


def _may_use(order: Order) -> bool:
    """Tell whether no refund of the closing month and no letter about prices hangs on the order."""
    moments = [moment for each in order.refunds for moment in (each.created, each.processed)]
    closing = any(moment and _CLOSING.within(moment, moment) for moment in moments)
    return not closing and all(ticket.kind not in _PLAIN_TALK for ticket in order.tickets)


def _plain(offer: Offer, order: Order) -> bool:
    """Tell whether every reading of the rules gives the same refunds.

    So it is when whole cents were paid, and all goods are covered. If some are not, all must have
    come back at once, and the offer may not have taken the place of a discount on the others.
    """
    whole = sum(line.qty for line in order.lines)
    came_back = all(sum(line.qty for line in refund.lines) == whole for refund in order.refunds)
    simple = came_back and (offer.stacks or not order.rate)
    covered = all(offer.covers(product) for product in order.products)
    paid = bill(order.goods, order.rate, offer).cost(order.goods)
    return not order.refunds or (paid % CENT == 0 and (covered or simple))
