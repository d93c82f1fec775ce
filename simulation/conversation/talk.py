"""What a customer has heard and said: the part of an episode's steps that is their conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from simulation.transcript import Exchange, StepRecord


@dataclass(frozen=True)
class Line:
    """One message. is_own: the customer wrote it."""

    is_own: bool
    text: str


@dataclass(frozen=True)
class Talk:
    """A conversation as its customer sees it.

    Tool calls, what the agent says while it makes them, and what is told to go on are not for them.
    """

    steps: Sequence[StepRecord]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        found: list[Line] = []
        said = ""
        for step in self.steps:
            if step.kind == "assistant":
                said = step.content
            elif step.kind == "customer":
                found += [Line(False, said)] if said else []
                found += [Line(True, step.content)] if step.content else []
                said = ""
            elif step.kind == "user" and not step.turn:
                found.append(Line(True, step.content))
        return (*found, Line(False, said)) if said else tuple(found)

    @property
    def asked(self) -> str:
        """Give what the agent said last, "" when it said nothing."""
        last = self.lines[-1] if self.lines else None
        return last.text if last is not None and not last.is_own else ""

    @property
    def before(self) -> str:
        """Give what the customer wrote before that."""
        return next((line.text for line in reversed(self.lines) if line.is_own), "")

    @property
    def own(self) -> int:
        """Count the messages that the customer wrote; the prompt is their first."""
        return sum(line.is_own for line in self.lines)

    @property
    def is_heard(self) -> bool:
        """Tell whether the customer has read the agent's last message and not answered it."""
        return bool(self.steps) and goes_on(self.steps[-1])

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Give what came with each of the customer's steps."""
        kept = (step.exchange for step in self.steps if step.kind == "customer")
        return tuple(each for each in kept if each)

    @cached_property
    def revealed(self) -> frozenset[str]:
        """Give the topics of which the customer may speak by now."""
        return frozenset(topic for each in self.exchanges for topic in each.get("revealed", ()))


def goes_on(step: StepRecord) -> bool:
    """Tell whether a customer is in the middle of an answer."""
    return step.kind == "customer" and bool(step.exchange and step.exchange.get("goes_on"))


def is_silent(step: StepRecord) -> bool:
    """Tell whether a step of a customer is one of which the agent hears nothing."""
    return step.kind == "customer" and not step.content


def audible(steps: Sequence[StepRecord]) -> Sequence[StepRecord]:
    """Give the steps that an agent may know of."""
    return [step for step in steps if not is_silent(step)]
