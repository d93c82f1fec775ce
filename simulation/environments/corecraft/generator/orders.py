"""When orders are placed, by whom, and what becomes of them."""

import datetime as dt
from collections.abc import Iterable

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.baskets import fill_baskets, may_join
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.mismatches import plan_mismatches
from simulation.environments.corecraft.generator.moments import (
    NOW,
    START,
    Span,
    after,
    month_span,
    shopping_moment,
)
from simulation.environments.corecraft.generator.records import Customer, Line, Order

WITHOUT_ORDERS = 11  # percent of the customers
BACKORDERS, TRANSFERS, HELD = 11, 9, 3
_LOYALTY = {"none": 2, "silver": 3, "gold": 5, "platinum": 8}
_CARRIERS = {
    "US": {"UPS Ground": 46, "USPS Ground": 24, "FedEx Express": 22, "FedEx Overnight": 8},
    "CA": {"UPS Ground": 68, "FedEx Express": 26, "FedEx Overnight": 6},
}
_CARRIERS_ABROAD = {"FedEx Express": 88, "FedEx Overnight": 12}
# by the order's age in hours, the first row that it is below
_FATES = (
    (20, {"pending": 40, "paid": 60}),
    (60, {"pending": 10, "paid": 50, "shipped": 40}),
    (96, {"paid": 10, "shipped": 90}),
    (10**9, {"shipped": 93, "cancelled_unpaid": 4, "cancelled_paid": 3}),
)
_EDGE_MONTH = "2025-08"
_EDGE_MINUTES = (-21, -4, 3, 17, 41, 58)


def plan_orders(draft: Draft) -> None:
    draft.orders = [*_schedule(draft)]
    draft.orders.sort(key=lambda order: order.created)
    fill_baskets(draft)
    plan_mismatches(draft)
    _assign_buyers(draft)
    _decide_fates(draft)
    _choose_carriers(draft)


def _schedule(draft: Draft) -> Iterable[Order]:
    dice = draft.dice("schedule")
    for month, share in texts.table("demand.toml")["months"].items():
        span = month_span(month)
        for _ in range(draft.scaled(share)):
            yield Order(shopping_moment(dice, span), [])
    yield from _edge_orders(dice)


def _edge_orders(dice: Dice) -> Iterable[Order]:
    """Place orders in the first and the last hour of a month, and just outside."""
    span = month_span(_EDGE_MONTH)
    for minutes in _EDGE_MINUTES:
        for moment in (after(span.low, minutes=minutes), after(span.high, minutes=-minutes)):
            yield Order(moment + dt.timedelta(seconds=dice.number(0, 40)), [], edge=True)


def _assign_buyers(draft: Draft) -> None:
    """Let newcomers and returning customers take turns; loyal ones come back more often."""
    dice = draft.dice("buyers")
    newcomers = _newcomers(draft, dice)
    returning: list[Customer] = []
    for number, order in enumerate(draft.orders):
        left = len(draft.orders) - number
        if newcomers and (not returning or dice.number(1, left) <= len(newcomers)):
            order.customer = newcomers.pop()
            returning += [order.customer] * _LOYALTY[order.customer.tier]
            order.customer.created = _joined(dice, order)
        else:
            order.customer = dice.one(returning)
        order.customer.orders.append(order)
    for person in draft.customers:
        if not person.orders:
            person.created = Span(START, after(NOW, days=-2)).draw(dice)


def _newcomers(draft: Draft, dice: Dice) -> list[Customer]:
    """Queue those who will buy, last first. Related people come late, where tickets are open."""
    first_related = draft.customers.index(draft.namesakes[0][0])
    single, related = draft.customers[:first_related], draft.customers[first_related:]
    buyers = dice.shuffled(single)[len(single) * WITHOUT_ORDERS // 100 :]
    early = len(buyers) * 7 // 10
    return list(reversed(buyers[:early] + dice.shuffled(buyers[early:] + related)))


def _joined(dice: Dice, order: Order) -> dt.datetime:
    """Most people open their account while they order."""
    earlier = dice.number(2, 40) if dice.chance(75) else dice.number(60, 60 * 24 * 30)
    return max(START, after(order.created, minutes=-earlier))


def _decide_fates(draft: Draft) -> None:
    dice = draft.dice("fates")
    for order in draft.orders:
        hours = (NOW - order.created).total_seconds() / 3600
        order.fate = dice.weighted(next(fates for limit, fates in _FATES if hours < limit))
    _hold_back(
        draft, dice, "backorder", draft.scaled(BACKORDERS), Span(_days_ago(48), _days_ago(3))
    )
    _hold_back(draft, dice, "transfer", draft.scaled(TRANSFERS), Span(_days_ago(28), _days_ago(2)))
    _hold_back(draft, dice, "paid", draft.scaled(HELD), Span(_days_ago(19), _days_ago(15)))


def _days_ago(days: int) -> dt.datetime:
    return after(NOW, days=-days)


def _hold_back(draft: Draft, dice: Dice, fate: str, count: int, span: Span) -> None:
    """Let some shipped orders of a time wait for goods or money instead."""
    for order in dice.shuffled(draft.orders):
        fitting = count and order.fate == "shipped" and span.within(order.created, order.created)
        if fitting and (fate != "backorder" or _add_missing_product(draft, dice, order)):
            order.fate = fate
            count -= 1


def _add_missing_product(draft: Draft, dice: Dice, order: Order) -> bool:
    """Put something on the order that is out of stock and can be ordered nevertheless."""
    missing = [each for each in draft.catalogue if not each.stock and each.orderable]
    chosen = next((each for each in dice.shuffled(missing) if may_join(order, each)), None)
    if chosen is None or ("order", order, "incompatible_parts") in draft.notes:
        return False
    order.lines.append(Line(chosen))
    return True


def _choose_carriers(draft: Draft) -> None:
    dice = draft.dice("carriers")
    for order in draft.orders:
        order.address = _ship_to(dice, order.customer)
        order.carrier = dice.weighted(_CARRIERS.get(order.address["country"], _CARRIERS_ABROAD))


def _ship_to(dice: Dice, customer: Customer) -> dict[str, str]:
    other = [address for address in customer.addresses if address["label"] == "other"]
    return other[0] if other and dice.chance(25) else customer.home
