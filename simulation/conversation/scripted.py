"""Customers who say prepared lines: the same steps, the same answer."""

from collections.abc import Sequence

from simulation.conversation.replies import Reply
from simulation.conversation.talk import Talk
from simulation.conversation.words import asking, mentions
from simulation.customers import ScriptedCustomer
from simulation.stops import StopReason
from simulation.transcript import Exchange, StepRecord

ENOUGH = "the customer has said everything and was asked for nothing more"


def out_of_patience(patience: int) -> str:
    messages = "message" if patience == 1 else "messages"
    return f"the customer's patience ended after {patience} {messages}"


class ScriptCustomer:
    """Says the lines that the agent's message asks for, else the next in order, else `otherwise`.

    They leave when they have nothing left to say and are asked for nothing.
    """

    def __init__(self, script: ScriptedCustomer) -> None:
        self._script = script

    def reply(self, steps: Sequence[StepRecord]) -> Reply:
        talk, script = Talk(steps), self._script
        if talk.own >= script.patience:
            return _end(StopReason.GAVE_UP, out_of_patience(script.patience))
        asked = asking(talk.asked)
        chosen = self._choose(talk, asked)
        if chosen:
            text = "\n".join(script.lines[place].says for place in chosen)
            return Reply(text=text, exchange={"lines": chosen})
        return Reply(text=script.otherwise) if asked else _end(StopReason.DONE, ENOUGH)

    def _choose(self, talk: Talk, asked: str) -> list[int]:
        """Give the places of the lines to say: those not said yet come before those said again."""
        said = {place for each in talk.exchanges for place in each.get("lines", ())}
        fresh = [place for place in self._fitting(talk.asked) if place not in said]
        in_order = (
            place
            for place, line in enumerate(self._script.lines)
            if not line.asked and place not in said
        )
        return fresh or self._fitting(asked) or [*in_order][:1]

    def _fitting(self, message: str) -> list[int]:
        lines = enumerate(self._script.lines)
        return [n for n, line in lines if line.asked and mentions(message, line.asked)]


def _end(stop: StopReason, why: str) -> Reply:
    exchange: Exchange = {"ends": True, "stop": stop.value, "detail": why}
    return Reply(exchange=exchange, note=why)
