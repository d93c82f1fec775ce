"""An agent that does nothing: no rubric may reward it."""

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.agents import AGENTS, ScriptedAgent
from simulation.tools import Tool
from simulation.transcript import Spec, StepRecord, Turn


@AGENTS.add("null")
class NullAgent(ScriptedAgent):
    def __init__(self, spec: Spec, config: Mapping[str, Any], tools: Mapping[str, Tool]) -> None:
        pass

    def turn(self, steps: Sequence[StepRecord]) -> Turn:
        return Turn()
