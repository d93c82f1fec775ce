"""An agent that asks prepared questions, one after the other: to see what a customer answers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from simulation.agents import AGENTS, ScriptedAgent
from simulation.stops import StopReason
from simulation.tools import Tool
from simulation.transcript import Spec, StepRecord, Turn

PROBER = "prober"
ALL_ASKED = "all questions were asked"


@AGENTS.add(PROBER)
class ProbingAgent(ScriptedAgent):
    """config: {"questions": [...]}."""

    converses: ClassVar[bool] = True

    def __init__(self, spec: Spec, config: Mapping[str, Any], tools: Mapping[str, Tool]) -> None:
        self._questions: Sequence[str] = config["questions"]

    def turn(self, steps: Sequence[StepRecord]) -> Turn:
        asked = sum(step.kind == "assistant" for step in steps)
        if asked < len(self._questions):
            return Turn(text=self._questions[asked])
        return Turn(stop=StopReason.DONE, detail=ALL_ASKED)
