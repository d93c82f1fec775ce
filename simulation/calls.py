"""One tool call: from the text that an agent sent to the text that it sees."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from simulation.errors import GymError, NotFound
from simulation.state import Change, WorldState
from simulation.text import canonical, clean_text, parse_object, without_nulls
from simulation.tools import Tool, find_tool

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CallResult:
    """What became of a call."""

    tool: str
    arguments: dict[str, Any] | None
    arguments_raw: str
    text: str
    is_error: bool
    changes: Sequence[Change] = ()
    note: str = ""


class ToolCrashed(Exception):
    """A tool raised something that is no GymError: the agent is not to blame."""


def call_tool(
    world: WorldState, tools: Mapping[str, Tool], name: str, arguments_raw: str
) -> CallResult:
    """Execute one call in a world. A failing call leaves no trace in it.

    Raises ToolCrashed when the tool itself is broken.
    """
    name, renamed = clean_text(name, limit=200)
    raw, note = clean_text(arguments_raw)
    note = note or renamed
    tool = find_tool(tools, name)
    length = len(world.journal)
    arguments: dict[str, Any] | None = None
    try:
        if tool is None:
            raise NotFound(  # noqa: TRY301  answered like every other refusal
                f"there is no tool {name!r}; there are {', '.join(tools)}"
            )
        arguments, unescaped = parse_object(raw) if raw.strip() else ({}, "")
        note = note or unescaped
        text = _encode(tool.call(world, arguments)).decode()
    except GymError as error:
        world.rollback(length)
        known = tool.name if tool else name
        return CallResult(known, arguments, raw, error_text(error), is_error=True, note=note)
    except Exception as error:
        world.rollback(length)
        logger.exception("tool %s crashed", name)
        raise ToolCrashed(f"{name}: {type(error).__name__}: {error}") from error
    changes = tuple(world.journal[length:])
    return CallResult(tool.name, arguments, raw, text, is_error=False, changes=changes, note=note)


def _encode(result: Any) -> bytes:
    """Write what a tool gave; only where there may be a null is it walked through in Python."""
    encoded = canonical(result)
    return canonical(without_nulls(result)) if b"null" in encoded else encoded


def error_text(error: GymError) -> str:
    """Give the structured error that an agent reads."""
    return orjson.dumps(error.as_json()).decode()
