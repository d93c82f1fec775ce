"""Simulated customers as frozen values: whom an agent talks to in a conversation.

A customer is played by a second model, who knows what is written here, or says the lines of a
script. The conversation begins with the task's prompt, which is the customer's first message. The
agent is told nothing of what is here: it only reads what the customer writes.

A script says the lines that the agent's message asks about (all words of `asked` occur in it, in
whatever form), those not said yet before those said again; else the next line in order; else
`otherwise`. It ends when nothing is left to be said in order and the message asks for nothing.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from simulation.errors import Problems
from simulation.validating import reason_of
from simulation.values import Frozen

PLAYED, SCRIPT = "played", "script"
MAX_PATIENCE = 100
Line = Annotated[str, Field(min_length=1, max_length=2000)]


class WithheldFact(Frozen):
    """What the customer knows and says only when the agent asks about it."""

    topic: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        description="what the agent has to ask about"
    )
    fact: Line = Field(description="what the customer then says")


class ScriptLine(Frozen):
    """What the customer says: when the agent asks about something, or next in order."""

    asked: str = Field(
        "",
        max_length=200,
        description="words of the agent's message, in any form, with commas between alternatives;"
        " empty for what is said next, in order",
    )
    says: Line = Field(description="what the customer says")


class PlayedCustomer(Frozen):
    """A customer whom a second model plays."""

    kind: Literal["played"] = "played"
    persona: Line = Field(description="who they are and how they write")
    goal: Line = Field(description="what they want, and when they have it")
    facts_known: tuple[Line, ...] = Field(
        (), max_length=50, description="what they know and may say at once"
    )
    facts_withheld: tuple[WithheldFact, ...] = Field(
        (), max_length=50, description="what they say only when they are asked about it"
    )
    patience: int = Field(
        10,
        ge=1,
        le=MAX_PATIENCE,
        description="messages of theirs, the prompt among them, after which they give up",
    )


class ScriptedCustomer(Frozen):
    """A customer who says prepared lines."""

    kind: Literal["script"]
    lines: tuple[ScriptLine, ...] = Field(min_length=1, max_length=50, description="what they say")
    otherwise: str = Field(
        "I do not know that.",
        min_length=1,
        max_length=2000,
        description="what they say when no line fits",
    )
    patience: int = Field(
        10,
        ge=1,
        le=MAX_PATIENCE,
        description="messages of theirs, the prompt among them, after which they give up",
    )


CustomerSpec = Annotated[PlayedCustomer | ScriptedCustomer, Field(discriminator="kind")]
KINDS: Mapping[str, type[PlayedCustomer] | type[ScriptedCustomer]] = {
    PLAYED: PlayedCustomer,
    SCRIPT: ScriptedCustomer,
}
_READER: TypeAdapter[PlayedCustomer | ScriptedCustomer] = TypeAdapter(CustomerSpec)


def read_customer(data: Mapping[str, Any]) -> PlayedCustomer | ScriptedCustomer:
    """Make a customer of data; without a kind it is played. Raises Problems that name every bad
    field."""
    try:
        return _READER.validate_python({"kind": PLAYED, **data})
    except ValidationError as error:
        raise Problems([_line(problem) for problem in error.errors()]) from None


def _line(problem: Any) -> str:
    """Write "facts_withheld.0.topic: is required", without the kind that comes first."""
    parts = [str(part) for part in problem["loc"] if part not in KINDS]
    return f"{'.'.join(parts) or 'kind'}: {reason_of(problem)}"
