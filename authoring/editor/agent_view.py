"""Exactly what an agent will be given: its messages in their order, the tools, and its limits."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from authoring.access import TaskLook
from authoring.content import DraftContent
from simulation import markdown
from simulation.fault_words import in_words
from simulation.faults import NONE
from simulation.tools import Tool, tool_definitions
from simulation.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMessage:
    """One message before the agent speaks, rendered, and to the letter."""

    role: str
    who: str
    rendered: SafeString
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolLine:
    """A tool; `definition` is the JSON that an agent is given of it."""

    name: str
    description: str
    writes: bool
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """What the agent sees, and in `unseen` what it does not; `problem` says what is missing."""

    messages: tuple[AgentMessage, ...]
    tools: tuple[ToolLine, ...]
    toolset: str
    limits: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str], ...]
    unseen: tuple[str, ...]
    problem: str = ""


def agent_view(look: TaskLook) -> AgentView:
    scene, content = look.scene, look.content
    company = scene.snapshot.company if scene.snapshot else None
    tools = company.toolsets.get(content.toolset, {}) if company else {}
    system = scene.prompts.get(content.system_prompt, "")
    return AgentView(
        messages=tuple(_messages(content, system)),
        tools=tuple(_line(tool, content) for tool in tools.values()),
        toolset=content.toolset,
        limits=tuple(_limits(content)),
        faults=in_words(content.faults) if content.faults else (),
        unseen=tuple(_unseen(look)),
        problem=scene.world_problem,
    )


def _messages(content: DraftContent, system: str) -> Iterator[AgentMessage]:
    """Give what stands in the transcript before the agent's first word, in that order."""
    if system:
        yield _message("system", f"the prompt {content.system_prompt} of {content.world}", system)
    if content.prompt:
        yield _message("user", _asker(content), content.prompt)


def _message(role: str, who: str, text: str) -> AgentMessage:
    return AgentMessage(role=role, who=who, rendered=markdown.render(text), raw=text)


def _asker(content: DraftContent) -> str:
    """Say in whose words the prompt is; the agent is not told."""
    return f"written as {content.asker.id}" if content.asker else "written by nobody in particular"


def _line(tool: Tool, content: DraftContent) -> ToolLine:
    """Show a tool as its faults leave it."""
    faults = content.faults or NONE
    (definition,) = faults.shown(tool_definitions({tool.name: tool}))
    return ToolLine(
        name=tool.name,
        description=definition["description"],
        writes=tool.writes,
        definition=json.dumps(definition, ensure_ascii=False, indent=2),
    )


def _limits(content: DraftContent) -> Iterator[tuple[str, str]]:
    budgets = content.budgets
    yield "rows of a search", f"{content.page_size} at most"
    yield "turns", f"{budgets.max_turns:,} at most"
    if budgets.max_calls:
        yield "tool calls", f"{budgets.max_calls:,} at most"
    yield "tool errors in a row", f"{budgets.max_errors:,} at most"
    yield "time", f"{budgets.wall_seconds:,} seconds"
    if budgets.max_tokens:
        yield "tokens", f"{budgets.max_tokens:,} of all model calls together"
    if budgets.max_cost:
        yield "cost", f"{budgets.max_cost:g} US dollars"


def _unseen(look: TaskLook) -> Iterator[str]:
    """Name what stays with people, with its amount only where this person sees it."""
    content = look.content
    yield "the task's title, category, difficulty, tags and notes"
    yield "who asks, unless the prompt says so"
    if not look.sees_rubric:
        yield "the setup as such, the reference, the near-misses and the rubric"
        return
    edits = counted(len(content.setup), "edit")
    yield f"that {edits} of the setup were made: the rows look as if they always were so"
    misses = counted(len(content.near_misses), "near-miss", "near-misses")
    yield f"the reference solution and {misses}"
    criteria = counted(len(content.rubric.criteria), "criterion", "criteria")
    yield f"the rubric with its {criteria}, their points and notes"
    if content.mode == "conversation":
        yield "the customer's persona, goal and facts: only what the customer writes"
