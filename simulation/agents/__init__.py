"""Agents: who acts in an episode. One module each; a kind makes the agent of one episode.

An agent decides from the steps so far alone, so a worker that takes an episode over goes on where
it stood.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from simulation.registry import Registry
from simulation.transcript import Spec, StepRecord, Turn


class Agent(Protocol):
    def turn(self, steps: Sequence[StepRecord]) -> Turn:
        """Give the next turn. Raises GymError only for a fault of ours."""
        ...


AgentKind = Callable[[Spec, Mapping[str, Any]], Agent]
AGENTS: Registry[AgentKind] = Registry("agent", __name__)
