"""tool_call: which tools the agent used, how often and with what arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Literal

from pydantic import Field

from grading.bounds import AT_LEAST_ONE, NONE, Bounds
from grading.expectations import Expectation, condition_of, says_all
from grading.expected import Bound, misfits
from grading.graders import GRADERS, Check, Cited, Evidence, Finding, decided
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.operators import Test, read_test
from simulation.shapes import Shape, shape_at
from simulation.tools import Tool
from simulation.transcript import StepRecord
from simulation.values import pluck

CITED = 5


@GRADERS.add("tool_call")
class ToolCallCheck(Check):
    """Look at the calls that the agent made.

    Name the `tool` as agents see it. `called: true` (the default) asks for at least one call,
    `called: false` for none, and `called: {eq: 2}` counts. `arguments` narrows it to calls whose
    arguments are so; an argument that the agent did not write is empty, whatever the tool assumes
    for it. Calls that failed do not count unless `failed_too` is true."""

    EXAMPLE: ClassVar[Mapping[str, Any]] = {
        "kind": "tool_call",
        "tool": "searchRefunds",
        "arguments": [{"path": "status", "value": "processed"}],
    }

    kind: Literal["tool_call"]
    tool: str = Field(min_length=1, max_length=200)
    called: bool | Bounds = True
    arguments: tuple[Expectation, ...] = ()
    failed_too: bool = False

    def grade(self, evidence: Evidence) -> Finding:
        company = evidence.world.snapshot.company
        tool_of(company, self.tool)
        calls = [
            step
            for step in evidence.steps
            if step.tool == self.tool and (self.failed_too or not step.is_error)
        ]
        matchers = [_matcher(company, self.tool, expectation) for expectation in self.arguments]
        meant = [step for step in calls if _meets(step, matchers)]
        met = self._wanted.hold(len(meant))
        return decided(met, self._reason(calls, meant), _cite(meant or calls))

    def sentence(self) -> str:
        times = _times(self._wanted)
        called = "is never called" if times == "never" else f"is called {times}"
        return f"{self.tool} {called}{self._with}."

    def problems(self, company: Environment) -> list[str]:
        try:
            tool = tool_of(company, self.tool)
        except InvalidArgument as error:
            return [error.message]
        found = []
        for number, expectation in enumerate(self.arguments):
            found += _misfits(company, tool, f"arguments.{number}", expectation)
        return found

    @property
    def _wanted(self) -> Bounds:
        if isinstance(self.called, Bounds):
            return self.called
        return AT_LEAST_ONE if self.called else NONE

    @cached_property
    def _with(self) -> str:
        return f" where {says_all(self.arguments)}" if self.arguments else ""

    def _reason(self, calls: Sequence[StepRecord], meant: Sequence[StepRecord]) -> str:
        wanted = _times(self._wanted)
        count = len(meant)
        done = f"{self.tool} was called {count} time{'' if count == 1 else 's'}{self._with}"
        others = len(calls) - count
        also = f"; {others} other call{'' if others == 1 else 's'} of it" if others else ""
        return f"{done}, expected {wanted}{also}"


def tool_of(company: Environment, name: str) -> Tool:
    """Raises InvalidArgument that lists the tools there are."""
    tool = company.tools.get(name)
    if tool is None:
        known = ", ".join(company.tools)
        raise InvalidArgument(f"tool {name!r}: {company.slug} has no such tool; it has {known}")
    return tool


def _times(wanted: Bounds) -> str:
    if wanted.eq == 0:
        return "never"
    number = wanted.says()
    return f"{number} times".replace(" 1 times", " once").replace("exactly once", "once")


@dataclass(frozen=True, slots=True)
class Matcher:
    """An expectation of an argument: the names under which agents write it, the path inside, the
    test."""

    names: tuple[str, ...]
    inside: str
    test: Test

    def meets(self, arguments: Mapping[str, Any]) -> bool:
        given = next((arguments[name] for name in self.names if name in arguments), None)
        return self.test(pluck({"": given}, self.inside))


@lru_cache(maxsize=4096)
def _matcher(company: Environment, tool_name: str, expectation: Expectation) -> Matcher:
    tool = tool_of(company, tool_name)
    name, inside, shape = _place(tool, expectation.path)
    condition = condition_of(expectation)
    test = read_test(expectation.path, condition.op, condition.value, shape)
    names = tuple(spelling for spelling, own in tool.spellings.items() if own == name)
    return Matcher(names, inside, test)


def _meets(step: StepRecord, matchers: Sequence[Matcher]) -> bool:
    if not matchers:
        return True
    arguments = step.arguments
    return arguments is not None and all(matcher.meets(arguments) for matcher in matchers)


def _place(tool: Tool, path: str) -> tuple[str, str, Shape]:
    """Find an argument: its own name, the path inside it from "" on, and its shape.

    Raises InvalidArgument that names the arguments there are.
    """
    first, *inside = path.split(".")
    name = tool.spellings.get(first)
    if name is None:
        takes = ", ".join(tool.schema["properties"]) or "none"
        raise InvalidArgument(f"{path}: {tool.name} has no argument {first!r}; it takes {takes}")
    return name, ".".join(["", *inside]), shape_at(tool.schema["properties"][name], inside)


def _misfits(company: Environment, tool: Tool, place: str, expectation: Expectation) -> list[str]:
    try:
        _, _, shape = _place(tool, expectation.path)
        if not isinstance(expectation.value, Bound):
            _matcher(company, tool.name, expectation)
            return []
    except InvalidArgument as error:
        return [f"{place}: {error.message}"]
    many = expectation.op in ("in", "not_in", "between")
    return misfits(company, f"{place}.value", expectation.value, kinds={shape.kind}, many=many)


def _cite(steps: Sequence[StepRecord]) -> list[Cited]:
    return [Cited(step.index) for step in steps[:CITED]]
