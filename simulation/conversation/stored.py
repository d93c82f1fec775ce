"""Conversations that were held, looked at again by today's rules."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from simulation.conversation.conformance import breaches
from simulation.conversation.knowledge import bounds_of
from simulation.conversation.talk import Talk
from simulation.customers import PlayedCustomer, read_customer
from simulation.errors import Problems
from simulation.transcript import Spec, StepRecord


@dataclass(frozen=True)
class Breach:
    """What is wrong with one message of a customer. is_said: the agent read it all the same."""

    step: int
    says: str
    is_said: bool


def breaches_in(
    spec: Spec, steps: Sequence[StepRecord], tools: Collection[str]
) -> Iterator[Breach]:
    """Give what is wrong with what a model said as a customer: what was said, and what was refused
    when it was said."""
    customer = _played(spec)
    for place, step in enumerate(steps):
        if step.kind != "customer" or customer is None:
            continue
        for refused in (step.exchange or {}).get("refused", ()):
            yield from (Breach(step.index, line, False) for line in refused["problems"])
        if step.content:
            bounds = bounds_of(Talk(steps[:place]), customer, tools)
            found = breaches(step.content, bounds)
            yield from (Breach(step.index, line, True) for line in found)


def _played(spec: Spec) -> PlayedCustomer | None:
    try:
        customer = read_customer(spec.customer) if spec.customer else None
    except Problems:
        return None
    return customer if isinstance(customer, PlayedCustomer) else None
