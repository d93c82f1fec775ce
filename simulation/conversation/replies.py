"""What a customer says, and that one could not be played."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Protocol

from simulation.errors import GymError
from simulation.transcript import Exchange, StepRecord


class CustomerFailed(GymError):
    """The customer could not be played: no fault of the agent's."""

    code: ClassVar[str] = "customer_failed"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a customer says.

    text: "" where they say nothing, which the agent is not told. exchange: what came with it:
    `ends` tells that nothing more is said, `stop` and `detail` why the episode ends, `goes_on`
    that the customer has not answered yet and is asked for the rest.
    """

    text: str = ""
    tokens: Mapping[str, int] = field(default_factory=dict)
    cost: Decimal = Decimal(0)
    exchange: Exchange | None = None
    note: str = ""


class Customer(Protocol):
    def reply(self, steps: Sequence[StepRecord]) -> Reply:
        """Answer what the agent said last. Raises CustomerFailed."""
        ...
