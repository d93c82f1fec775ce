"""What the pages of the playground show, as plain values."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.contrib.auth.models import User
from django.db.models import F, Q
from django.http import QueryDict

from simulation.addresses import world_url
from simulation.environments import Environment
from simulation.forms.fields import Field
from simulation.forms.inputs import Form, Input
from simulation.forms.writing import write_inputs
from simulation.models import World
from simulation.pages import ChangeRow, Choice, Notice, change_rows, shortened
from simulation.playground.fields import form_of, of_argument
from simulation.playground.reference import ReferenceSteps, reference_steps
from simulation.playground.results import ResultBlock, ResultView
from simulation.playground.scratch import MAX_CALLS, Scratch, read_scratch
from simulation.playground.stage import Stage
from simulation.setup import setup_changes
from simulation.state import WorldState, net
from simulation.tools import Tool
from simulation.transcript import StepRecord
from simulation.wording import counted, size
from simulation.worlds import open_world

LOG = 30  # calls that the log shows without asking
RAW = 20_000  # characters of a result that are shown without asking
SHORT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRow:
    """One tool in a list."""

    name: str
    url: str
    writes: bool
    description: str
    takes: str
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One call of the clone; its address loads it into the form again."""

    number: int
    url: str
    tool: str
    arguments: str
    outcome: str
    is_error: bool
    changes: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchPanel:
    """The clone of who looks: `number` is 0 while there is none.

    take_url: where its calls are made use of, "" when that is not for this person.
    """

    number: int
    log: tuple[LogLine, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    kept_until: str = ""
    older: str = ""
    take_url: str = ""
    take_label: str = ""
    reset_url: str = ""
    is_full: bool = False
    is_outdated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """A call that was made: what it gave, changed, and exactly what an agent would see."""

    number: int
    error: str
    code: str
    blocks: tuple[ResultBlock, ...]
    changes: tuple[ChangeRow, ...]
    sent: str
    raw: str
    raw_size: str
    whole_url: str
    duration: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolsPage:
    """The list of tools, or one of them with its form; `notice` says why nothing can be run."""

    stage: Stage
    base: str
    toolset: str
    toolsets: tuple[Choice, ...]
    reads: tuple[ToolRow, ...]
    writes: tuple[ToolRow, ...]
    scratch: ScratchPanel
    notice: Notice | None
    tool: ToolRow | None = None
    inputs: tuple[Input, ...] = ()
    problems: tuple[Choice, ...] = ()
    call: CallView | None = None
    call_id: str = ""
    rows_url: str = ""
    form_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePage:
    """The calls of a clone to copy; `steps` is None where there are none."""

    world: str
    world_url: str
    base: str
    steps: ReferenceSteps | None


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a request to a tool's page holds.

    typed: the inputs; None takes them from the step, or leaves them empty.
    problems: what is wrong by the name of the input.
    """

    toolset: str
    step: int | None = None
    typed: QueryDict | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    added: str = ""
    is_whole: bool = False
    has_whole_log: bool = False


def tools_page(stage: Stage, person: User, asking: Asking, tool: Tool | None = None) -> ToolsPage:
    world, scene = stage.world, stage.scene
    shown = _shown(asking)
    scratch = None if world.is_draft else read_scratch(world, person, scene=scene, results=shown)
    state = scratch.state if scratch else _fresh(stage)
    frame = _Frame(stage, asking, tool, scratch)
    form: dict[str, Any] = frame.form(state, tool) if tool else {}
    reads, writes = (tuple(frame.rows(writes=writes)) for writes in (False, True))
    return ToolsPage(
        stage=stage,
        base=frame.base,
        toolset=asking.toolset,
        toolsets=tuple(frame.toolsets()),
        reads=reads,
        writes=writes,
        scratch=frame.panel(),
        notice=stage.notice,
        rows_url=f"{world_url(world, 'query/rows/')}?",
        **form,
    )


def _fresh(stage: Stage) -> WorldState:
    """Give the clone that the first call will find, which takes a published world."""
    snapshot = open_world(stage.world)
    setup = stage.scene.setup
    return WorldState(snapshot, setup_changes(snapshot, setup) if setup else ())


def new_call_id() -> str:
    """Make the id that goes with one sending of a form, so that sending it again calls nothing."""
    return secrets.token_hex(8)


def reference_page(world: World, person: User) -> ReferencePage:
    scratch = None if world.is_draft else read_scratch(world, person)
    base = world_url(world, "tools/")
    steps = reference_steps(scratch.steps) if scratch and scratch.steps else None
    return ReferencePage(world=str(world), world_url=world_url(world), base=base, steps=steps)


def _shown(asking: Asking) -> Q | None:
    """Say of which calls a page shows results: the newest, and the one that it is about."""
    if asking.has_whole_log:
        return None
    newest = Q(index__gte=F("episode__step_count") - LOG)
    return newest | Q(index=asking.step - 1) if asking.step else newest


class _Frame:
    """The parts of a page that know of each other."""

    def __init__(
        self, stage: Stage, asking: Asking, tool: Tool | None, scratch: Scratch | None
    ) -> None:
        self.stage, self.asking, self.tool, self.scratch = stage, asking, tool, scratch
        self.world = stage.world
        self.company: Environment = stage.world.company
        self.base = stage.base
        self.steps: Sequence[StepRecord] = scratch.steps if scratch else ()
        self.step = next((s for s in self.steps if s.index + 1 == asking.step), None)

    def url(self, tool: str, **more: Any) -> str:
        query = QueryDict(mutable=True)
        if self.asking.toolset != self.stage.toolsets[0]:
            query["toolset"] = self.asking.toolset
        for name, value in more.items():
            query[name] = str(value)
        text = query.urlencode()
        return f"{self.base}{f'{tool}/' if tool else ''}{f'?{text}' if text else ''}"

    def toolsets(self) -> Any:
        for name in self.stage.toolsets:
            is_selected = name == self.asking.toolset
            yield Choice(
                value=name,
                label=name,
                url=f"{self.base}{f'{self.tool.name}/' if self.tool else ''}?toolset={name}",
                is_selected=is_selected,
                count=str(len(self.company.toolsets[name])),
            )

    def rows(self, *, writes: bool) -> Any:
        for tool in self.company.toolsets[self.asking.toolset].values():
            if tool.writes == writes:
                yield self.row(tool)

    def row(self, tool: Tool) -> ToolRow:
        return ToolRow(
            name=tool.name,
            url=self.url(tool.name),
            writes=tool.writes,
            description=tool.description,
            takes=takes_of(tool),
            is_current=tool is self.tool,
        )

    def form(self, state: WorldState, tool: Tool) -> dict[str, Any]:
        fields = form_of(tool, self.company)
        typed, problems = self.asking.typed, dict(self.asking.problems)
        if typed is None:
            arguments = (self.step.arguments or {}) if self.step else {}
            typed = write_inputs(fields, arguments)
        if error := error_of(self.step):
            place = of_argument(known_field(tool, error.get("field", "")))
            problems.setdefault(nearest_input(place, fields), error["message"])
        return {
            "tool": self.row(tool),
            "inputs": Form(state, typed, problems, self.asking.added).inputs(fields),
            "problems": tuple(linked_problems(problems)),
            "call": self.call(state),
            "call_id": new_call_id(),
            "form_url": self.url(tool.name),
        }

    def call(self, state: WorldState) -> CallView | None:
        step = self.step
        if step is None:
            return None
        error = error_of(step)
        is_cut = len(step.result) > RAW and not self.asking.is_whole
        view = ResultView(self.world, state)
        return CallView(
            number=step.index + 1,
            error=error.get("message", ""),
            code=error.get("code", ""),
            blocks=() if step.is_error else view.blocks(step.result),
            changes=change_rows(net(step.changes)),
            sent=step.arguments_raw,
            raw=step.result[:RAW] if is_cut else step.result,
            raw_size=size(len(step.result)),
            whole_url=self.url(step.tool, step=step.index + 1, whole=1) if is_cut else "",
            duration=f"{step.duration_ms:.1f} ms",
            note=step.note,
        )

    def panel(self) -> ScratchPanel:
        scratch = self.scratch
        if scratch is None:
            return ScratchPanel(number=0)
        newest = scratch.steps if self.asking.has_whole_log else scratch.steps[-LOG:]
        older = len(scratch.steps) - len(newest)
        return ScratchPanel(
            number=scratch.number,
            log=tuple(self._line(step) for step in reversed(newest)),
            older=f"and {counted(older, 'earlier call')}" if older else "",
            changes=change_rows(scratch.state.diff()),
            kept_until=f"{scratch.kept_until:%-d %B}",
            take_url=self.stage.take_url,
            take_label=self.stage.take_label,
            reset_url=f"{self.base}-/reset/",
            is_full=len(scratch.steps) >= MAX_CALLS,
            is_outdated=scratch.is_outdated,
        )

    def _line(self, step: StepRecord) -> LogLine:
        given = ", ".join(f"{k}={_short(v)}" for k, v in (step.arguments or {}).items())
        changes = len(net(step.changes))
        return LogLine(
            number=step.index + 1,
            url=self.url(step.tool, step=step.index + 1),
            tool=step.tool,
            arguments=shortened(given, 120),
            outcome=error_of(step).get("code", "") or gist_of(step.result),
            is_error=step.is_error,
            changes=counted(changes, "change") if changes else "",
            is_current=step is self.step,
        )


def takes_of(tool: Tool) -> str:
    """Say what a tool has to be given: "needs order_id; 2 optional"."""
    required = tool.schema.get("required", [])
    optional = len(tool.schema["properties"]) - len(required)
    parts = [f"needs {', '.join(required)}"] if required else []
    parts += [f"{optional} optional"] if optional else []
    return "; ".join(parts) or "takes no arguments"


def error_of(step: StepRecord | None) -> Mapping[str, Any]:
    """Give what a call was refused with; nothing for one that worked."""
    if step is None or not step.is_error:
        return {}
    error: Mapping[str, Any] = json.loads(step.result)["error"]
    return error


def nearest_input(place: str, fields: Sequence[Field]) -> str:
    """Give the input that an error is about: the place itself, or the argument that it is in;
    "" when the form has neither."""
    argument = ".".join(place.split(".")[:2])
    found = next((field for field in fields if field.name == argument), None)
    if found is None:
        return ""
    return place if found.kind in ("group", "rows") else argument


def linked_problems(problems: Mapping[str, str]) -> Any:
    """Give (id of the input, message) of what is wrong, for the summary."""
    for name, message in problems.items():
        label = name.partition(".")[2].replace("_", " ")
        yield Choice(
            value=f"id_{name}" if name else "result", label=f"{label}: {message}".lstrip(": ")
        )


def known_field(tool: Tool, place: str) -> str:
    """Give the argument that an error names, in the spelling of the form."""
    first, dot, rest = place.partition(".")
    return f"{tool.spellings.get(first, first)}{dot}{rest}"


def gist_of(result: str) -> str:
    """Say in two words what a call gave."""
    if result.startswith("["):
        return "no rows" if result == "[]" else counted(len(orjson.loads(result)), "row")
    return "done"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shortened(text, SHORT)
