"""The messages of chat models: what was sent and seen, to the letter."""

from collections.abc import Iterable, Iterator
from typing import Any

from grading.transcripts.facts import facts_of
from grading.transcripts.reading import Transcript
from grading.transcripts.turns import AGENT, Made, Said, turns_of
from simulation.agents import messages
from simulation.faults import faults_of
from simulation.tools import function_definitions


def as_messages(transcript: Transcript) -> dict[str, Any]:
    """Give {"messages", "tools", …}. tools are today's, as `tools_unchanged` says.

    beside: what is no part of the protocol's messages, by the place of the message.
    """
    spec, company = transcript.spec, transcript.company
    said = tuple(turns_of(transcript.steps, transcript.instructions))
    toolset = company.toolsets.get(spec.toolset, {})
    unchanged = bool(toolset) and company.tools_hash(spec.toolset) == spec.tools_hash
    return {
        "messages": [message for each in said for message in _messages(each)],
        "beside": [*_beside(said)],
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


def _beside(turns: Iterable[Said]) -> Iterator[dict[str, Any]]:
    """Give what a model thought, and the calls that it asked for and nobody executed."""
    place = 0
    for said in turns:
        given = {"reasoning": said.reasoning, "left_out": said.left_out}
        if found := {name: value for name, value in given.items() if value}:
            yield {"message": place, **found}
        place += 1 + len(said.calls)


def _call(call: Made) -> dict[str, str]:
    return {"id": call.id, "name": call.step.tool, "arguments": call.step.arguments_raw}
