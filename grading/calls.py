"""Calls of an episode: which are meant by tool and arguments, and which are the same once more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import Field

from grading.expectations import TAKES_LIST, Expectation, condition_of, says_all
from grading.expected import Bound, misfits
from grading.graders import Cited, Evidence
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.operators import Test, read_test
from simulation.shapes import Shape, shape_at
from simulation.text import canonical
from simulation.tools import Tool, find_tool
from simulation.transcript import StepRecord
from simulation.values import Frozen, pluck

CITED = 5


class OtherCall(Frozen):
    """A call that others stand before or after; failed ones do not count."""

    tool: str = Field(min_length=1, max_length=200, description="as agents see it")
    arguments: tuple[Expectation, ...] = Field(
        (), description="only a call whose arguments are so; every line must hold"
    )

    def says(self) -> str:
        return f"{self.tool}{says_where(self.arguments)}"

    def first(self, evidence: Evidence) -> StepRecord | None:
        """Give the first of these calls, None when there was none."""
        done = [step for step in calls_of(evidence, self.tool) if not step.is_error]
        company = evidence.world.snapshot.company
        return next(iter(select(company, self.tool, done, self.arguments)), None)


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


def tool_of(company: Environment, name: str) -> Tool:
    """Raises InvalidArgument that lists the tools there are."""
    tool = company.tools.get(name)
    if tool is None:
        known = ", ".join(company.tools)
        raise InvalidArgument(f"tool {name!r}: {company.slug} has no such tool; it has {known}")
    return tool


def calls_of(evidence: Evidence, name: str) -> Sequence[StepRecord]:
    """Give the calls of a tool. Raises InvalidArgument for one that there is not."""
    return evidence.calls.get(tool_of(evidence.world.snapshot.company, name).name, ())


def select(
    company: Environment,
    name: str,
    calls: Sequence[StepRecord],
    arguments: Sequence[Expectation],
) -> Sequence[StepRecord]:
    """Give those calls of a tool whose arguments are so."""
    matchers = [_matcher(company, name, expectation) for expectation in arguments]
    return [step for step in calls if _meets(step, matchers)] if matchers else calls


def cite(steps: Iterable[StepRecord]) -> list[Cited]:
    """Cite the first few of some steps, in order, each once."""
    indexes = list(dict.fromkeys(step.index for step in steps))[:CITED]
    return [Cited(index) for index in sorted(indexes)]


def says_where(arguments: Sequence[Expectation]) -> str:
    return f" where {says_all(arguments)}" if arguments else ""


def problems_of(
    company: Environment, tool_name: str, arguments: Sequence[Expectation]
) -> list[str]:
    """Say what does not fit a company: the tool, or what is expected of its arguments."""
    try:
        tool = tool_of(company, tool_name)
    except InvalidArgument as error:
        return [error.message]
    return [
        line
        for number, expectation in enumerate(arguments)
        for line in _misfits(company, tool, f"arguments.{number}", expectation)
    ]


def shape_of_argument(company: Environment, tool_name: str, path: str) -> Shape:
    """Raises InvalidArgument for a tool or an argument that there is not."""
    return _place(tool_of(company, tool_name), path)[2]


def same_call(company: Environment, step: StepRecord) -> tuple[str, bytes]:
    """Name a call so that equal calls have equal names, whatever spellings the agent used.

    An argument that says what the tool assumes anyway is as good as left out.
    """
    tool = find_tool(company.tools, step.tool)
    if tool is None or step.arguments is None:
        return step.tool, step.arguments_raw.strip().encode()
    given = {tool.spellings.get(name, name): value for name, value in step.arguments.items()}
    schemas = tool.schema["properties"]
    meant = {
        name: value
        for name, value in given.items()
        if value is not None and not _is_default(schemas.get(name, {}), value)
    }
    return tool.name, canonical(meant)


def _is_default(schema: Mapping[str, Any], value: Any) -> bool:
    return "default" in schema and canonical(schema["default"]) == canonical(value)


@lru_cache(maxsize=4096)
def _matcher(company: Environment, tool_name: str, expectation: Expectation) -> Matcher:
    tool = tool_of(company, tool_name)
    name, inside, shape = _place(tool, expectation.path)
    condition = condition_of(expectation)
    test = read_test(expectation.path, condition.op, condition.value, shape)
    names = tuple(spelling for spelling, own in tool.spellings.items() if own == name)
    return Matcher(names, inside, test)


def _meets(step: StepRecord, matchers: Sequence[Matcher]) -> bool:
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
    many = expectation.op in TAKES_LIST
    return misfits(company, f"{place}.value", expectation.value, kinds={shape.kind}, many=many)
