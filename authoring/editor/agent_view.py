"""Exactly what an agent will be given: the system prompt, the prompt, and the tools."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from authoring.access import TaskLook
from simulation import markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolLine:
    name: str
    description: str
    writes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """What the agent sees; `problem` says what is missing."""

    system_prompt: SafeString
    prompt: SafeString
    raw: str
    tools: tuple[ToolLine, ...]
    toolset: str
    problem: str = ""


def agent_view(look: TaskLook) -> AgentView:
    scene, content = look.scene, look.content
    company = scene.snapshot.company if scene.snapshot else None
    tools = company.toolsets.get(content.toolset, {}) if company else {}
    return AgentView(
        system_prompt=markdown.render(scene.prompts.get(content.system_prompt, "")),
        prompt=markdown.render(content.prompt),
        raw=content.prompt,
        tools=tuple(
            ToolLine(name=tool.name, description=tool.description, writes=tool.writes)
            for tool in tools.values()
        ),
        toolset=content.toolset,
        problem=scene.world_problem,
    )
