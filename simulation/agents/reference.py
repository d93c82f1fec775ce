"""The agent that replays a solution: a list of {"call", "arguments"} and {"message"}.

Arguments may refer to earlier results: {"$ref": "3.0.id"}, see simulation.refs.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from simulation import refs
from simulation.agents import AGENTS, ScriptedAgent
from simulation.errors import InvalidArgument
from simulation.stops import StopReason
from simulation.tools import Tool
from simulation.transcript import Call, Spec, StepRecord, Turn, tool_calls

_ENCODER = json.JSONEncoder(ensure_ascii=False)


class Results(Sequence[Any]):
    """The results of calls, each read when it is referred to; None for a call that failed."""

    def __init__(self, calls: Sequence[StepRecord]) -> None:
        self._calls = calls

    def __len__(self) -> int:
        return len(self._calls)

    def __getitem__(self, place: Any) -> Any:
        step = self._calls[place]
        return None if step.is_error else json.loads(step.result)


@AGENTS.add("reference")
class ReferenceAgent(ScriptedAgent):
    """config: {"solution": [...]}; each item is one turn."""

    def __init__(self, spec: Spec, config: Mapping[str, Any], tools: Mapping[str, Tool]) -> None:
        self._solution: Sequence[Mapping[str, Any]] = config["solution"]

    def turn(self, steps: Sequence[StepRecord]) -> Turn:
        done = len({step.turn for step in steps if step.turn})
        if done >= len(self._solution):
            return Turn()
        item = self._solution[done]
        if "message" in item:
            return Turn(text=item["message"])
        return self._call(item, steps)

    def _call(self, item: Mapping[str, Any], steps: Sequence[StepRecord]) -> Turn:
        calls = tool_calls(steps)
        try:
            arguments = refs.resolve(item.get("arguments", {}), Results(calls))
        except InvalidArgument as error:
            text = f"call {len(calls) + 1}, {item['call']}: {error.message}"
            return Turn(stop=StopReason.GAVE_UP, detail=text)
        raw = _ENCODER.encode(arguments)
        return Turn(calls=[Call(item["call"], raw, f"call-{len(calls) + 1}")])
