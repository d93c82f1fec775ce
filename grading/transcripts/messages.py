"""The messages of chat models: what was sent and seen, to the letter."""

from collections.abc import Iterator
from typing import Any

from grading.transcripts.facts import facts_of
from grading.transcripts.reading import Transcript
from grading.transcripts.turns import AGENT, Made, Said, turns_of
from simulation.agents import messages
from simulation.faults import faults_of
from simulation.tools import function_definitions


def as_messages(transcript: Transcript) -> dict[str, Any]:
    """Give {"messages", "tools", …}. tools are today's, as `tools_unchanged` says."""
    spec, company = transcript.spec, transcript.company
    toolset = company.toolsets.get(spec.toolset, {})
    unchanged = bool(toolset) and company.tools_hash(spec.toolset) == spec.tools_hash
    return {
        "messages": [m for said in turns_of(transcript.steps) for m in _messages(said)],
        "tools": faults_of(spec).shown(function_definitions(toolset)),
        "tools_unchanged": unchanged,
        **facts_of(transcript),
    }


def _messages(said: Said) -> Iterator[dict[str, Any]]:
    if said.role != AGENT or not said.calls:
        yield messages.words(said.role, said.text)
        return
    yield messages.asking(said.text, map(_call, said.calls))
    for call in said.calls:
        yield messages.result(call.id, call.step.result)


def _call(call: Made) -> dict[str, str]:
    return {"id": call.id, "name": call.step.tool, "arguments": call.step.arguments_raw}
