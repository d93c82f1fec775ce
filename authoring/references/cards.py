"""The steps of a solution as cards: what is called with what, what it gave and what it changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from authoring.references import changes
from authoring.references.changes import number_in
from authoring.references.solutions import Solution, step_base
from authoring.references.wording import say_path, say_value
from simulation import markdown
from simulation.addresses import row_url
from simulation.pages import ChangeRow, change_rows, written
from simulation.playground.page import error_of, gist_of
from simulation.playground.results import ResultBlock, ResultView
from simulation.refs import REF
from simulation.state import Change, net
from simulation.tools import Tool, find_tool
from simulation.transcript import StepRecord
from simulation.wording import listed

ROWS = 6  # of a table in a card; the page of a step shows more


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentRow:
    """One argument, or a part of one. taken: what a reference takes, with the step's anchor."""

    name: str
    value: str
    taken: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCard:
    """One step. state: made, refused, waiting (not reached) or message.

    outside: what to say of a tool that the task's toolset has not. base: what its buttons carry.
    """

    number: int
    state: str
    tool: str = ""
    writes: bool = False
    arguments: tuple[ArgumentRow, ...] = ()
    gist: str = ""
    blocks: tuple[ResultBlock, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    error: str = ""
    code: str = ""
    outside: str = ""
    message: str = ""
    rendered: SafeString | None = None
    base: str = ""
    edit_url: str = ""
    do_url: str = ""
    insert_url: str = ""
    can_go_up: bool = False
    can_go_down: bool = False


class Cards:
    """Makes the cards of a solution; what was played of it is lined up by the numbers of calls."""

    def __init__(self, solution: Solution, *, rows: int = ROWS) -> None:
        self.solution, self.scene = solution, solution.scene
        self.numbers = changes.call_numbers(solution.steps)
        self._rows = rows

    @cached_property
    def calls(self) -> list[StepRecord]:
        played = self.scene.played
        return played.calls if played else []

    @cached_property
    def places(self) -> dict[int, int]:
        """The number of the step of each call."""
        return {number: at + 1 for at, number in enumerate(self.numbers) if number}

    @cached_property
    def _view(self) -> ResultView | None:
        played, world = self.scene.played, self.scene.world
        if played is None or world is None:
            return None
        return ResultView(world, played.evidence.world, rows=self._rows, marks_own=False)

    def all(self) -> Iterator[StepCard]:
        """Give every card; the last message is not among them where it stands in a form."""
        steps = self.solution.steps
        shown = changes.end_of(steps) if self.solution.look.may_edit else len(steps)
        for place in range(shown):
            yield self.card(place)

    def card(self, place: int) -> StepCard:
        step = self.solution.steps[place]
        if not changes.is_call(step):
            return self._message(place, step["message"])
        made = self.made(place)
        error = error_of(made)
        return StepCard(
            number=place + 1,
            state="waiting" if made is None else "refused" if made.is_error else "made",
            tool=step["call"],
            writes=self.writes(step["call"]),
            arguments=tuple(self._arguments("", self._ordered(step))),
            gist=gist_of(made.result) if made and not made.is_error else "",
            blocks=self.blocks(made),
            changes=self.changes(made),
            error=error.get("message", ""),
            code=error.get("code", ""),
            outside=self._outside(step["call"]),
            **self._actions(place),
        )

    def made(self, place: int) -> StepRecord | None:
        """Give the call of a step as it was played, None where it was not reached."""
        number = self.numbers[place]
        return self.calls[number - 1] if 0 < number <= len(self.calls) else None

    def blocks(self, made: StepRecord | None) -> tuple[ResultBlock, ...]:
        if made is None or made.is_error or self._view is None:
            return ()
        return self._view.blocks(made.result)

    def changes(self, made: StepRecord | None) -> tuple[ChangeRow, ...]:
        return change_rows(net(made.changes), self._row_url) if made else ()

    def value_of(self, path: str) -> str:
        return say_value(path, self.calls)

    def _row_url(self, change: Change) -> str:
        world, snapshot = self.scene.world, self.scene.snapshot
        is_stored = snapshot is not None and change.id in snapshot.rows(change.entity_type)
        return row_url(world, change.entity_type, change.id) if world and is_stored else ""

    def _message(self, place: int, text: str) -> StepCard:
        return StepCard(
            number=place + 1,
            state="message",
            message=text,
            rendered=markdown.render(text),
            **self._actions(place),
        )

    def _actions(self, place: int) -> dict[str, Any]:
        solution = self.solution
        if not solution.look.may_edit:
            return {}
        end = changes.end_of(solution.steps)
        number = place + 1
        return {
            "base": step_base(solution, place),
            "edit_url": solution.url("step", number) if self._is_known(place) else "",
            "do_url": solution.url("do", number),
            "insert_url": f"{solution.url('choose')}?at={number}",
            "can_go_up": 0 < place < end,
            "can_go_down": place < end - 1,
        }

    def writes(self, name: str) -> bool:
        """Tell whether a tool changes rows; one that there is not does not."""
        tool = self._tool(name)
        return tool is not None and tool.writes

    def _is_known(self, place: int) -> bool:
        """Tell whether a step is a call of a tool that the world has: only then it has a form."""
        step = self.solution.steps[place]
        return changes.is_call(step) and self._tool(step["call"]) is not None

    def _outside(self, name: str) -> str:
        if self.scene.snapshot is None:
            return ""
        toolset = self.solution.look.content.toolset
        toolsets = self.scene.snapshot.company.toolsets
        if find_tool(toolsets.get(toolset, {}), name):
            return ""
        having = [each for each, tools in sorted(toolsets.items()) if find_tool(tools, name)]
        if not having:
            return f"The world has no tool {name}."
        has = "have" if len(having) > 1 else "has"
        return f"The task's toolset {toolset} has no {name}: {listed(having)} {has} it."

    def _ordered(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """Give arguments as their tool orders them: stored ones have no order."""
        given, tool = dict(step.get("arguments") or {}), self._tool(step["call"])
        names = [*tool.schema["properties"]] if tool else []
        return {name: given[name] for name in [*filter(given.__contains__, names), *given]}

    def _tool(self, name: str) -> Tool | None:
        snapshot = self.scene.snapshot
        return find_tool(snapshot.company.tools, name) if snapshot else None

    def _arguments(self, name: str, value: Any) -> Iterator[ArgumentRow]:
        """Give arguments one a row; what holds references is laid out down to each of them."""
        if isinstance(value, Mapping) and set(value) == {REF}:
            yield self._taken(name, str(value[REF]))
        elif isinstance(value, Mapping) and (not name or any(changes.paths_in(value))):
            for key, item in value.items():
                yield from self._arguments(_inner(name, key.replace("_", " ")), item)
        elif isinstance(value, list) and any(changes.paths_in(value)):
            for place, item in enumerate(value, start=1):
                yield from self._arguments(_inner(name, str(place)), item)
        else:
            yield ArgumentRow(name=name, value=_shown(value))

    def _taken(self, name: str, path: str) -> ArgumentRow:
        place = self.places.get(number_in(path))
        return ArgumentRow(
            name=name,
            value=self.value_of(path),
            taken=say_path(path, self.places),
            anchor=f"step-{place}" if place else "",
        )


def _inner(name: str, key: str) -> str:
    return f"{name} {key}" if name else key


def _shown(value: Any) -> str:
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(map(written, value)) or "none"
    return written(value)
