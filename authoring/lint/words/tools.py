"""Names of tools in a text: a capital inside of a word, where something is used or called."""

import re

from authoring.drafts.scene import Scene
from authoring.lint.words.reading import Reading
from simulation.environments import Environment

CAMEL = re.compile(r"\b[a-z]+[A-Z]\w*\b")
_HUMP = re.compile(r"[a-z][A-Z]")
_USED = re.compile(
    r"\b(?:calls?|calling|uses?|using|invokes?|with|through|via|tools?|functions?|runs?)\s+"
    r"(?:the )?(?:tool |function )?$",
    re.IGNORECASE,
)
_TOOL = re.compile(r"\s+(?:tool|function|endpoint)\b", re.IGNORECASE)


def company_of(scene: Scene) -> Environment | None:
    return scene.snapshot.company if scene.snapshot else None


def tools_in(text: str, company: Environment | None) -> list[str]:
    """Give every word that is a tool of the company, or is used as one."""
    if not _HUMP.search(text):
        return []
    known = company.tools if company else {}
    return [
        found[0]
        for found in CAMEL.finditer(text)
        if found[0] in known
        or _USED.search(text, max(0, found.start() - 40), found.start())
        or _TOOL.match(text, found.end())
    ]


def missing_tool(scene: Scene, reading: Reading) -> str:
    """Give the first tool of a text that the task's toolset lacks; "" where all are there."""
    company = company_of(scene)
    if company is None:
        return ""
    toolset = company.toolsets.get(scene.content.toolset)
    named = tools_in(reading.marked, company) if toolset is not None else []
    return next((name for name in named if toolset is not None and name not in toolset), "")
