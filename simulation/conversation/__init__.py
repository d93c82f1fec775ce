"""Simulated customers at work: whoever an agent talks to in a conversation.

What a customer is stands in simulation.customers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Protocol

from simulation.errors import GymError
from simulation.transcript import Exchange, Spec, StepRecord


class CustomerFailed(GymError):
    """The customer could not be played: no fault of the agent's."""

    code: ClassVar[str] = "customer_failed"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a customer says. exchange: `ends` tells that nothing more is said, `detail` why."""

    text: str
    tokens: Mapping[str, int] = field(default_factory=dict)
    cost: Decimal = Decimal(0)
    exchange: Exchange | None = None
    note: str = ""


class Customer(Protocol):
    def reply(self, steps: Sequence[StepRecord]) -> Reply:
        """Answer what the agent said last. Raises CustomerFailed."""
        ...


def customer_of(spec: Spec) -> Customer | None:
    """Give the customer of an episode, None where there is none."""
    return None
