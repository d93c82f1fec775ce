"""An agent that says it did everything and did nothing: claims are no evidence."""

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.agents import AGENTS, ScriptedAgent
from simulation.tools import Tool
from simulation.transcript import Spec, StepRecord, Turn

CLAIM = """I have taken care of everything that was asked:

{prompt}

All records were checked, every change was made and saved, and the people concerned were informed. \
The figures, names and dates are right and nothing else was touched."""


@AGENTS.add("claims_only")
class ClaimsOnlyAgent(ScriptedAgent):
    def __init__(self, spec: Spec, config: Mapping[str, Any], tools: Mapping[str, Tool]) -> None:
        self._prompt = spec.prompt

    def turn(self, steps: Sequence[StepRecord]) -> Turn:
        return Turn(text=CLAIM.format(prompt=self._prompt))
