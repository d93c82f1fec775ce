"""The Agent Trajectory Interchange Format (ATIF) 1.7, as Harbor's models check it."""

from typing import Any

from grading.transcripts.facts import facts_of
from grading.transcripts.reading import Transcript
from grading.transcripts.turns import AGENT, Made, Said, turns_of
from simulation.faults import faults_of
from simulation.tools import function_definitions
from simulation.values import write_instant

VERSION = "ATIF-v1.7"
SOURCES = {"system": "system", "user": "user", AGENT: "agent"}
MODELS = ("chat",)  # kinds of agents in which a model thinks; the others follow a script
COUNTED = ("prompt", "completion", "cached")  # the rest stands among what is extra
REMOVED = "The transcript was removed."
NO_STEPS = "The episode ended before anything was said."


def as_trajectory(transcript: Transcript) -> dict[str, Any]:
    is_model = transcript.episode.agent["kind"] in MODELS
    turns = turns_of(transcript.steps, transcript.instructions)
    steps = [_step(number, said, is_model=is_model) for number, said in enumerate(turns, start=1)]
    return {
        "schema_version": VERSION,
        "session_id": f"run-{transcript.rollout.run_id}",
        "trajectory_id": f"rollout-{transcript.rollout.pk}",
        "agent": _agent(transcript),
        "steps": steps or [{"step_id": 1, "source": "system", "message": _nothing(transcript)}],
        "final_metrics": _metrics(transcript, max(1, len(steps))),
        "extra": facts_of(transcript),
    }


def _nothing(transcript: Transcript) -> str:
    return REMOVED if transcript.episode.is_forgotten else NO_STEPS


def _agent(transcript: Transcript) -> dict[str, Any]:
    agent = transcript.episode.agent
    config = agent.get("config", {})
    described = {
        "name": agent["name"],
        "version": str(config.get("version", "1")),
        "tool_definitions": faults_of(transcript.spec).shown(
            function_definitions(transcript.company.toolsets.get(transcript.spec.toolset, {}))
        ),
        "extra": {"kind": agent["kind"]},
    }
    model = config.get("model")
    return {**described, "model_name": model} if isinstance(model, str) else described


def _step(number: int, said: Said, *, is_model: bool) -> dict[str, Any]:
    step: dict[str, Any] = {
        "step_id": number,
        "timestamp": write_instant(said.steps[0].started_at),
        "source": SOURCES[said.role],
        "message": said.text,
    }
    if said.role == AGENT:
        step["llm_call_count"] = int(is_model)
        step |= _beside(said)
        tokens = said.steps[0].tokens
        if is_model and tokens:
            step["metrics"] = {"extra": dict(tokens), **_known(tokens)}
    if said.calls:
        step["tool_calls"] = [_call(call) for call in said.calls]
        results = [{"source_call_id": c.id, "content": c.step.result} for c in said.calls]
        step["observation"] = {"results": results}
    return step


def _beside(said: Said) -> dict[str, Any]:
    """Give what a model thought, and the calls that it asked for and nobody executed."""
    thought = {"reasoning_content": said.reasoning} if said.reasoning else {}
    return {**thought, "extra": {"left_out": said.left_out}} if said.left_out else thought


def _call(call: Made) -> dict[str, Any]:
    """arguments must be an object: what was none stands beside it as it was sent."""
    arguments = call.step.arguments
    made: dict[str, Any] = {"tool_call_id": call.id, "function_name": call.step.tool}
    if isinstance(arguments, dict):
        return {**made, "arguments": arguments}
    return {**made, "arguments": {}, "extra": {"arguments_raw": call.step.arguments_raw}}


def _metrics(transcript: Transcript, steps: int) -> dict[str, Any]:
    usage = _known(transcript.episode.usage)
    totals = {f"total_{name}": count for name, count in usage.items()}
    return {**totals, "total_cost_usd": float(transcript.episode.cost), "total_steps": steps}


def _known(tokens: Any) -> dict[str, int]:
    names = {
        "prompt": "prompt_tokens",
        "completion": "completion_tokens",
        "cached": "cached_tokens",
    }
    return {names[kind]: count for kind, count in sorted(tokens.items()) if kind in names}
