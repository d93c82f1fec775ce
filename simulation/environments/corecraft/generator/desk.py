"""What support made of the tickets: priority, assignee, status, resolution."""

import datetime as dt
from collections.abc import Sequence

from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.moments import (
    NOW,
    Span,
    after,
    days_between,
    later,
)
from simulation.environments.corecraft.generator.records import (
    HANDWRITTEN,
    Employee,
    Refund,
    Resolution,
    Ticket,
)
from simulation.environments.corecraft.generator.situations import by_key
from simulation.environments.corecraft.terms import OUTSTANDING

HIGH_OUTSTANDING, HIGH_OF_LOYAL = 60, 15
ABANDONED_DAYS = 10  # source: policy.md, "Tickets"
_LOYAL = ("gold", "platinum")
_DESK = ("support", "help_desk")
_CHANNELS = {"email": 44, "web": 31, "chat": 15, "phone": 10}
# by the age in days, the first row that it is below
_STATUSES = (
    (2, {"new": 75, "open": 25}),
    (4, {"new": 35, "open": 50, "pending_customer": 5, "resolved": 10}),
    (14, {"open": 48, "pending_customer": 20, "resolved": 32}),
    (32, {"open": 18, "pending_customer": 12, "resolved": 62, "closed": 8}),
    (75, {"open": 3, "pending_customer": 3, "resolved": 82, "closed": 12}),
    (10**6, {"resolved": 86, "closed": 14}),
)
_BY_REFUND = {
    "processed": {"resolved": 100},
    "approved": {"resolved": 55, "open": 45},
    "denied": {"resolved": 100},
    "pending": {"open": 65, "pending_customer": 35},
    "failed": {"open": 50, "pending_customer": 50},
}
_PRIORITIES = {
    1: {"normal": 78, "low": 19, "high": 3},
    2: {"normal": 74, "low": 4, "high": 22},
    3: {"normal": 38, "high": 62},
}


def work_through(draft: Draft) -> None:
    """Decide the state of every ticket; texts of resolutions come later."""
    dice = draft.dice("desk")
    for ticket in draft.tickets:
        if ticket.kind == HANDWRITTEN:
            continue
        ticket.channel = dice.weighted(_CHANNELS)
        ticket.status = _status(dice, ticket)
        ticket.priority = dice.weighted(_PRIORITIES[ticket.urgency])
        _handle(dice, ticket, draft.employees)


def rank_outstanding(draft: Draft) -> None:
    """Make just so many of the outstanding tickets high, some of them of loyal customers."""
    dice = draft.dice("priorities")
    everything = [ticket for ticket in draft.tickets if ticket.outstanding]
    fixed = [
        ticket for ticket in everything if ticket.kind == HANDWRITTEN and ticket.priority == "high"
    ]
    open_ones = [ticket for ticket in everything if ticket.kind != HANDWRITTEN]
    for ticket in open_ones:
        ticket.priority = "low" if ticket.urgency == 1 and dice.chance(24) else "normal"
    urgent = sorted(dice.shuffled(open_ones), key=lambda ticket: -ticket.urgency)
    loyal = [ticket for ticket in urgent if ticket.customer.tier in _LOYAL]
    others = [ticket for ticket in urgent if ticket.customer.tier not in _LOYAL]
    share = draft.scaled(HIGH_OF_LOYAL) - sum(ticket.customer.tier in _LOYAL for ticket in fixed)
    rest = draft.scaled(HIGH_OUTSTANDING) - len(fixed) - share
    for ticket in loyal[: max(0, share)] + others[: max(0, rest)]:
        ticket.priority = "high"


def resolve(
    dice: Dice, ticket: Ticket, outcome: str, staff: Sequence[Employee], at: dt.datetime
) -> Resolution:
    """Link a resolution to a ticket; its details are still to be written."""
    resolution = Resolution(ticket, outcome, "", dice.one(staff), at, _linked(ticket, outcome))
    ticket.resolution, ticket.assignee = resolution, resolution.by
    ticket.closure, ticket.updated = "resolved_success", at
    return resolution


def front_desk(employees: Sequence[Employee]) -> list[Employee]:
    return [each for each in employees if each.row["department"] in _DESK]


def _status(dice: Dice, ticket: Ticket) -> str:
    if ticket.closure == "duplicate":
        return "closed"
    if ticket.refund:
        return dice.weighted(_BY_REFUND[ticket.refund.status])
    age = days_between(ticket.created, NOW)
    status = dice.weighted(next(row for limit, row in _STATUSES if age < limit))
    if ticket.settled is None:
        return status
    if ticket.settled:
        return "resolved"
    return status if status in OUTSTANDING else "open"


def _handle(dice: Dice, ticket: Ticket, employees: Sequence[Employee]) -> None:
    ticket.updated = ticket.created
    if ticket.status == "new":
        return
    staff = front_desk(employees)
    ticket.assignee = dice.one(staff)
    if ticket.status == "resolved":
        outcome = _outcome(ticket)
        if outcome == "refund_issued":
            staff = [each for each in staff if each.may("issue_refund")]
        resolve(dice, ticket, outcome, staff, _resolved_at(dice, ticket))
    elif ticket.status == "closed":
        _close(dice, ticket)
    else:
        low = max(ticket.created, ticket.refund.created if ticket.refund else ticket.created)
        ticket.updated = Span(low, min(NOW, after(low, days=4))).draw(dice)


def _outcome(ticket: Ticket) -> str:
    refund, situation = ticket.refund, by_key().get(ticket.kind)
    if refund:
        return "no_action" if refund.status == "denied" else "refund_issued"
    return situation.usual_outcome() if situation else "no_action"


def _linked(ticket: Ticket, outcome: str) -> Refund | None:
    if outcome != "refund_issued" or ticket.refund is None:
        return None
    done = [refund for refund in ticket.refund.order.refunds if refund.ticket is ticket]
    return done[-1]


def _resolved_at(dice: Dice, ticket: Ticket) -> dt.datetime:
    low = ticket.created
    for refund in ticket.refund.order.refunds if ticket.refund else ():
        low = max(low, refund.created)
    return min(NOW, later(dice, low, 1, 72))


def _close(dice: Dice, ticket: Ticket) -> None:
    if ticket.closure == "duplicate":
        ticket.updated = min(NOW, later(dice, ticket.created, 1, 20))
        return
    at = later(dice, ticket.created, ABANDONED_DAYS * 24 + 8, 400)
    ticket.closure = "customer_abandoned" if at < NOW and dice.chance(88) else "other"
    by_itself = min(NOW, later(dice, ticket.created, 10, 200))
    ticket.updated = at if ticket.closure != "other" else by_itself
