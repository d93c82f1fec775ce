"""The form of an agent that a model plays."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from simulation.agent_settings import CALLS, AgentSettings, Limits, as_typed
from simulation.forms.by_hand import field_below
from simulation.forms.fields import Field

PREFIX = "agent"
_field = partial(field_below, PREFIX)


def agent_fields(endpoints: Sequence[str]) -> tuple[Field, ...]:
    """endpoints: the names that can be chosen."""
    return (
        _field("name", "text", hint="the same name again makes its next version"),
        _field("endpoint", "select", choices=tuple(endpoints), hint="where the model is asked"),
        _field("model", "text", hint="as the endpoint calls it"),
        _field("settings", "group", label="how it is asked", members=setting_fields()),
        _field(
            "limits",
            "group",
            label="what one episode may use up",
            hint="0 is no limit. What is used up ends the episode: it is graded, and marked as cut"
            " short. The limits of a task or a run count where they are tighter.",
            members=limit_fields("limits.", _field),
        ),
        _field(
            "note", "area", is_required=False, hint="what this version is for, or why it was made"
        ),
    )


def new_agent() -> dict[str, Any]:
    """Give what the form of a new agent begins with."""
    defaults = AgentSettings()
    settings = {"seeded": defaults.seeded, "nudge": defaults.nudge}
    return {"settings": settings, "limits": as_typed(Limits())}


def limit_fields(inside: str, make: Any, *, calls: str = f"empty: {CALLS}") -> tuple[Field, ...]:
    """Give the fields of limits. make: makes a field of path, kind and words; calls: a hint."""
    numbers = {
        "max_calls": ("tool calls", calls),
        "max_turns": ("model calls", ""),
        "max_tokens": ("tokens", "of all model calls together"),
        "max_cost": ("US dollars", "of all model calls together"),
        "wall_seconds": ("seconds", "of its own work; waiting in the queue is not counted"),
    }
    return tuple(
        make(f"{inside}{name}", "number", label=label, hint=hint, is_required=False)
        for name, (label, hint) in numbers.items()
    )


def setting_fields() -> tuple[Field, ...]:
    inside = "settings."
    return (
        _field(
            f"{inside}temperature",
            "number",
            is_required=False,
            hint="0 to 2; empty leaves it to the server",
        ),
        _field(
            f"{inside}max_output_tokens",
            "number",
            label="most tokens of an answer",
            is_required=False,
            hint="16 or more; empty leaves it to the server",
        ),
        _field(
            f"{inside}instructions",
            "area",
            is_required=False,
            hint="follow the system prompt of each task",
        ),
        _field(
            f"{inside}seeded",
            "truth",
            label="sends a seed",
            hint="its rollouts differ, and come out alike when they are repeated",
        ),
        _field(
            f"{inside}nudge",
            "truth",
            label="reminded once",
            hint="when it neither says nor does anything",
        ),
        _field(
            f"{inside}extra",
            "json",
            label="further members of every request",
            is_required=False,
            placeholder='{"top_p": 0.9}',
            expects="an object",
        ),
    )
