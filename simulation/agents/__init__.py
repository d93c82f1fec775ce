"""Agents: who acts in an episode. One module each; a kind makes the agent of one episode.

An agent decides from the steps so far alone, so a worker that takes an episode over goes on where
it stood.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from simulation.registry import Registry
from simulation.tools import Tool
from simulation.transcript import Spec, StepRecord, Turn


class Agent(Protocol):
    """waits: its turns take seconds and money, so steps are stored before and after each of them.

    converses: it listens, so a customer answers it in a conversation.
    nudge: what it is told, once, when it neither says nor does anything; "" for never.
    """

    waits: ClassVar[bool]
    converses: ClassVar[bool]

    @property
    def nudge(self) -> str: ...

    def turn(self, steps: Sequence[StepRecord]) -> Turn:
        """Give the next turn. Raises GymError only for a fault of ours.

        Unavailable ends the episode without a verdict; any other error puts it aside for a person.
        """
        ...


class ScriptedAgent:
    """What agents have in common that ask no model."""

    waits: ClassVar[bool] = False
    converses: ClassVar[bool] = False
    nudge: ClassVar[str] = ""


AgentKind = Callable[[Spec, Mapping[str, Any], Mapping[str, Tool]], Agent]
AGENTS: Registry[AgentKind] = Registry("agent", __name__)
