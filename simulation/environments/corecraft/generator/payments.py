"""How orders are paid."""

import datetime as dt

from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.moments import NOW, after, later
from simulation.environments.corecraft.generator.records import Order, Payment

_METHODS = {"card": 58, "paypal": 20, "apple_pay": 9, "google_pay": 6, "bank_transfer": 7}
_AT_ONCE = {"card": 62, "paypal": 21, "apple_pay": 10, "google_pay": 7}
_DECLINED = ("card declined by the bank", "billing address does not match", "daily limit exceeded")
_TRANSFER_DAYS = 30
_SECOND_TRY = 5  # percent of the paid orders


def plan_payments(draft: Draft) -> None:
    dice = draft.dice("payments")
    for order in draft.orders:
        _PLANS.get(order.fate, _pay)(dice, order)
        for payment in order.payments:
            if payment.status != "pending":
                payment.transaction = f"txn_{dice.digits(14)}"


def _pay(dice: Dice, order: Order) -> None:
    """Capture the money, sometimes at the second attempt."""
    method = dice.weighted(_METHODS if (NOW - order.created).days > 6 else _AT_ONCE)
    started = order.created
    if method == "card" and dice.chance(_SECOND_TRY):
        order.payments.append(
            _failed(order, "card", after(started, minutes=1), dice.one(_DECLINED))
        )
        started = after(started, minutes=dice.number(3, 30))
    created = min(started + dt.timedelta(seconds=dice.number(20, 300)), NOW)
    order.payments.append(Payment(order, method, "captured", created))
    order.payment.processed = _captured(dice, order.payment)
    if order.fate == "cancelled_paid":
        order.cancelled = later(dice, order.payment.processed, 1, 20)


def _captured(dice: Dice, payment: Payment) -> dt.datetime:
    if payment.method == "bank_transfer":
        return later(dice, payment.created, 20, 100)
    return min(payment.created + dt.timedelta(seconds=dice.number(2, 90)), NOW)


def _wait(dice: Dice, order: Order) -> None:
    order.payments.append(_waiting(dice, order, dice.weighted(_AT_ONCE)))


def _wait_for_transfer(dice: Dice, order: Order) -> None:
    order.payments.append(_waiting(dice, order, "bank_transfer"))


def _waiting(dice: Dice, order: Order, method: str) -> Payment:
    created = min(order.created + dt.timedelta(seconds=dice.number(20, 300)), NOW)
    return Payment(order, method, "pending", created)


def _cancel_unpaid(dice: Dice, order: Order) -> None:
    """Fail the payment: declined, no transfer in 30 days, or the customer thought better of it."""
    old = (NOW - order.created).days > _TRANSFER_DAYS + 2
    cause = dice.weighted({"declined": 45, "customer": 35, "transfer": 20 if old else 0})
    at_once = after(order.created, minutes=dice.number(1, 9))
    if cause == "transfer":
        order.cancelled = after(order.created, days=_TRANSFER_DAYS, minutes=7)
        order.failure = "bank transfer not received within 30 days"
        order.payments.append(
            _failed(order, "bank_transfer", at_once, order.failure, order.cancelled)
        )
    elif cause == "customer":
        order.cancelled = later(dice, order.created, 9, 40)
        reason = "order cancelled before payment"
        order.payments.append(_failed(order, "bank_transfer", at_once, reason, order.cancelled))
    else:
        order.cancelled = after(at_once, minutes=dice.number(20, 90))
        order.failure = "payment declined"
        order.payments.append(_failed(order, "card", at_once, dice.one(_DECLINED)))


def _failed(
    order: Order,
    method: str,
    created: dt.datetime,
    reason: str,
    processed: dt.datetime | None = None,
) -> Payment:
    return Payment(order, method, "failed", created, processed or created, reason)


_PLANS = {
    "pending": _wait,
    "transfer": _wait_for_transfer,
    "cancelled_unpaid": _cancel_unpaid,
}
