"""The messages of chat models: what was sent and seen, to the letter."""

from collections.abc import Iterator
from typing import Any

from grading.transcripts.facts import facts_of
from grading.transcripts.reading import Transcript
from grading.transcripts.turns import AGENT, Said, turns_of
from simulation.faults import faults_of
from simulation.tools import function_definitions


def as_messages(transcript: Transcript) -> dict[str, Any]:
    """Give {"messages", "tools", …}. tools are today's, as `tools_unchanged` says."""
    spec, company = transcript.spec, transcript.company
    toolset = company.toolsets.get(spec.toolset, {})
    unchanged = bool(toolset) and company.tools_hash(spec.toolset) == spec.tools_hash
    messages = [m for said in turns_of(transcript.steps) for m in _messages(said)]
    return {
        "messages": messages,
        "tools": faults_of(spec).shown(function_definitions(toolset)),
        "tools_unchanged": unchanged,
        **facts_of(transcript),
    }


def _messages(said: Said) -> Iterator[dict[str, Any]]:
    if said.role != AGENT:
        yield {"role": said.role, "content": said.text}
        return
    message: dict[str, Any] = {"role": AGENT, "content": said.text or None}
    if said.calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.step.tool, "arguments": call.step.arguments_raw},
            }
            for call in said.calls
        ]
    elif not said.text:
        message["content"] = ""
    yield message
    for call in said.calls:
        yield {"role": "tool", "tool_call_id": call.id, "content": call.step.result}
