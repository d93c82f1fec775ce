"""Choosing the tool of a new step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from authoring.references.solutions import Solution
from simulation.playground.page import ToolRow, takes_of
from simulation.tools import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage:
    """others: tools of the world that the task's toolset has not."""

    title: str
    lead: str
    reads: tuple[ToolRow, ...]
    writes: tuple[ToolRow, ...]
    others: tuple[ToolRow, ...]
    toolset: str
    back_url: str
    switch_url: str
    switch: str


def choose_page(
    solution: Solution, tools: Mapping[str, Tool], place: int, *, repeats: bool
) -> ChoosePage:
    """tools: all of the world. place: where the step will stand. repeats: a call for each item."""
    toolset = solution.look.content.toolset
    snapshot = solution.scene.snapshot
    own = snapshot.company.toolsets.get(toolset, {}) if snapshot else {}

    def rows(found: Iterator[Tool]) -> tuple[ToolRow, ...]:
        name = "repeat" if repeats else "new"
        query = urlencode({"at": place + 1})
        return tuple(_row(tool, f"{solution.url(name, tool.name)}?{query}") for tool in found)

    here = solution.url("choose")
    at = urlencode({"at": place + 1})
    return ChoosePage(
        title="Repeat a call for each item of a list" if repeats else f"Add step {place + 1}",
        lead="Choose what is called once for each item; then say which list."
        if repeats
        else "Choose what is called. What it takes comes next.",
        reads=rows(tool for tool in own.values() if not tool.writes),
        writes=rows(tool for tool in own.values() if tool.writes),
        others=rows(tool for name, tool in tools.items() if name not in own),
        toolset=toolset,
        back_url=solution.url(),
        switch_url=f"{here}?{at}" if repeats else f"{here}?{at}&repeat=1",
        switch="Add one call instead" if repeats else "Repeat a call for each item of a list",
    )


def _row(tool: Tool, url: str) -> ToolRow:
    return ToolRow(
        name=tool.name,
        url=url,
        writes=tool.writes,
        description=tool.description,
        takes=takes_of(tool),
    )
