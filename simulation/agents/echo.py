"""An agent that repeats the prompt: no rubric may be met by words of the question."""

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.agents import AGENTS, ScriptedAgent
from simulation.tools import Tool
from simulation.transcript import Spec, StepRecord, Turn


@AGENTS.add("echo")
class EchoAgent(ScriptedAgent):
    def __init__(self, spec: Spec, config: Mapping[str, Any], tools: Mapping[str, Tool]) -> None:
        self._prompt = spec.prompt

    def turn(self, steps: Sequence[StepRecord]) -> Turn:
        return Turn(text=self._prompt)
