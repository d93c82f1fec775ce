"""Which tickets were handed to a department, why, and when that was answered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.case_facts import case_facts
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.facts import fill, usable
from simulation.environments.corecraft.generator.moments import (
    NOW,
    Span,
    after,
    days_between,
    later,
)
from simulation.environments.corecraft.generator.numbering import number
from simulation.environments.corecraft.generator.office_hours import (
    at_work,
    working_moment,
)
from simulation.environments.corecraft.generator.records import Escalation, Ticket
from simulation.environments.corecraft.terms import DESTINATIONS

WAITING, SETTLED, MISDIRECTED = 44, 42, 5
_MISTAKEN = {
    "billing_payment": "order_processing",
    "warranty": "engineering",
    "order_fulfillment": "operations",
    "technical": "product_management",
    "policy_exception": "support",
}
_ATTEMPTS = 6
_AT_ONCE = dt.timedelta(minutes=25)
_SHORTEST = dt.timedelta(hours=4)
_LONGEST_WAIT = 24  # days
_ANSWERED = 22  # percent of the escalations of tickets that are still open


@dataclass(frozen=True, slots=True)
class Occasion:
    """A reason to escalate tickets of some kinds, and what is then written in the notes."""

    type: str
    kinds: tuple[str, ...]
    notes: tuple[str, ...]
    refunds: tuple[str, ...] = ()
    lacking: str = ""
    binding: bool = False

    def suits(self, ticket: Ticket) -> bool:
        if ticket.kind not in self.kinds or ticket.assignee is None:
            return False
        if self.lacking and ticket.assignee.may(self.lacking):
            return False
        if self.binding and ticket.status == "pending_customer":
            return False
        status = ticket.refund.status if ticket.refund else "none"
        return not self.refunds or status in self.refunds


def plan_escalations(draft: Draft) -> None:
    """Escalate tickets that wait and tickets that are settled; misdirect a few."""
    dice = draft.dice("escalations")
    desk = _Desk(dice)
    tickets = [ticket for ticket in draft.tickets if not ticket.left_alone]
    settled = [ticket for ticket in tickets if ticket.resolution]
    waiting = [ticket for ticket in tickets if ticket.status == "open"]
    asking = [ticket for ticket in tickets if ticket.status == "pending_customer"]
    draft.escalations += desk.take(settled, draft.scaled(SETTLED))
    draft.escalations += desk.take(waiting, draft.scaled(WAITING))
    draft.escalations += desk.take(asking, draft.scaled(WAITING // 6))
    number(draft.escalations, "esc")
    _misdirect(draft, dice)


class _Desk:
    """Writes escalations; no note comes twice in the same words unless all have been used."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self._used: dict[str, int] = {}
        self._by_type: dict[str, int] = {}

    def take(self, tickets: Sequence[Ticket], count: int) -> list[Escalation]:
        """Escalate so many of the tickets, the types that are rare so far first."""
        taken: dict[Ticket, Escalation] = {}
        queues = self._queues(tickets)
        while queues and len(taken) < count:
            kind = min(queues, key=lambda each: self._by_type.get(each, 0))
            ticket = queues[kind].pop()
            if not queues[kind]:
                del queues[kind]
            escalation = None if ticket in taken else self._escalate(ticket, kind)
            if escalation:
                self._by_type[kind] = self._by_type.get(kind, 0) + 1
                taken[ticket] = escalation
        return list(taken.values())

    def _queues(self, tickets: Sequence[Ticket]) -> dict[str, list[Ticket]]:
        """Line the tickets up by the types for which they give occasion."""
        queues: dict[str, list[Ticket]] = {}
        for ticket in self.dice.shuffled(tickets):
            suiting = {occasion.type for occasion in occasions() if occasion.suits(ticket)}
            for kind in filter(suiting.__contains__, DESTINATIONS):
                queues.setdefault(kind, []).append(ticket)
        return queues

    def _escalate(self, ticket: Ticket, kind: str) -> Escalation | None:
        fitting = [each for each in occasions() if each.type == kind and each.suits(ticket)]
        for occasion in self.dice.shuffled(fitting):
            for _ in range(_ATTEMPTS):
                escalation = self._write(ticket, occasion)
                if escalation:
                    return escalation
        return None

    def _write(self, ticket: Ticket, occasion: Occasion) -> Escalation | None:
        """Write the note with what was known then. None when time or facts do not allow it."""
        span = _time(ticket)
        if span is None or ticket.assignee is None:
            return None
        created = working_moment(self.dice, ticket.assignee.id, span)
        answered = self._answered(ticket, occasion, created)
        late = created > span.high or (answered is None and not _may_wait(ticket))
        facts = case_facts(created, ticket, ticket.order)
        notes = [note for note in self.dice.shuffled(occasion.notes) if usable(note, facts)]
        if late or not notes:
            return None
        note = min(notes, key=lambda each: self._used.get(each, 0))
        self._used[note] = self._used.get(note, 0) + 1
        destination = DESTINATIONS[occasion.type]
        text = fill(self.dice, note, facts)
        return Escalation(ticket, occasion.type, destination, text, created, answered)

    def _answered(
        self, ticket: Ticket, occasion: Occasion, created: dt.datetime
    ) -> dt.datetime | None:
        """Give when the department answered: before the ticket was settled, if it was."""
        if ticket.status == "open" and (occasion.binding or not self._is_answered(ticket)):
            return None
        moment = at_work(self.dice, "usual", later(self.dice, created, 1, 40))
        end = ticket.resolution.created if ticket.resolution else ticket.updated
        limit = NOW if ticket.status == "open" else end
        return moment if moment <= limit else None

    def _is_answered(self, ticket: Ticket) -> bool:
        return not _may_wait(ticket) or self.dice.chance(_ANSWERED)


@cache
def occasions() -> tuple[Occasion, ...]:
    return tuple(
        Occasion(**{name: _frozen(value) for name, value in row.items()})
        for row in texts.table("escalations.toml")["occasion"]
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _may_wait(ticket: Ticket) -> bool:
    """Tell whether nobody need have answered: the ticket is open, and not for weeks."""
    return ticket.status == "open" and days_between(ticket.created, NOW) <= _LONGEST_WAIT


def _time(ticket: Ticket) -> Span | None:
    """Give when a ticket can be escalated: looked at, asked for, and not settled yet."""
    low = ticket.created + _AT_ONCE
    if ticket.refund:
        low = max(low, ticket.refund.created + _AT_ONCE)
    end = ticket.resolution.created if ticket.resolution else NOW
    if ticket.status == "pending_customer":
        end = ticket.updated
    high = min(end - _AT_ONCE, after(low, days=4))
    return Span(low, high) if end - low >= _SHORTEST and high >= low else None


def _misdirect(draft: Draft, dice: Dice) -> None:
    """Send some to a department that cannot help, as it happens."""
    fitting = [each for each in draft.escalations if each.kind in _MISTAKEN]
    for escalation in dice.some(fitting, draft.scaled(MISDIRECTED)):
        escalation.destination = _MISTAKEN[escalation.kind]
        draft.note("escalation", escalation, "escalation_misdirected")
