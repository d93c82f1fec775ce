"""What an episode has used up so far: calls, tokens, money, and errors in a row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from simulation.faults import TOOL_ERROR
from simulation.transcript import TOKENS_IN_ALL, StepRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What an episode has cost so far, as its row says it: tokens by kind, and USD."""

    usage: Mapping[str, int] = field(default_factory=dict)
    cost: Decimal = Decimal(0)
    customer_usage: Mapping[str, int] = field(default_factory=dict)
    customer_cost: Decimal = Decimal(0)


@dataclass(slots=True)
class Bill:
    """What one model was paid for."""

    usage: Counter[str] = field(default_factory=Counter)
    cost: Decimal = Decimal(0)

    @property
    def tokens(self) -> int:
        """Give all tokens together."""
        return sum(self.usage[kind] for kind in TOKENS_IN_ALL)

    def add(self, step: StepRecord) -> None:
        self.usage.update(step.tokens)
        self.cost += step.cost


@dataclass(slots=True)
class Tally:
    """What steps have used up, each counted once: a long episode asks after every one of them.

    errors_in_a_row: the agent's own since its last call that went well. left_out: calls that it
    asked for and that are not made.
    """

    counted: int = 0
    calls: int = 0
    left_out: int = 0
    errors_in_a_row: int = 0
    agent: Bill = field(default_factory=Bill)
    customer: Bill = field(default_factory=Bill)

    def add(self, steps: Sequence[StepRecord]) -> None:
        for step in steps:
            if step.kind == "tool_call":
                self._add_call(step)
            elif step.kind == "assistant":
                self.agent.add(step)
                self.left_out += len((step.exchange or {}).get("left_out", ()))
            elif step.kind == "customer":
                self.customer.add(step)
        self.counted += len(steps)

    @property
    def spent(self) -> Spent:
        return Spent(
            usage=dict(self.agent.usage),
            cost=self.agent.cost,
            customer_usage=dict(self.customer.usage),
            customer_cost=self.customer.cost,
        )

    def _add_call(self, step: StepRecord) -> None:
        self.calls += 1
        if step.fault != TOOL_ERROR:
            self.errors_in_a_row = self.errors_in_a_row + 1 if step.is_error else 0


def tally_of(steps: Sequence[StepRecord]) -> Tally:
    tally = Tally()
    tally.add(steps)
    return tally


def spent_in(steps: Sequence[StepRecord]) -> Spent:
    return tally_of(steps).spent
