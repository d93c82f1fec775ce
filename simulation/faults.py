"""What is made to go wrong on purpose: failing tools, delays, shorter pages, poorer descriptions.

Whether a call is struck depends on the seed of the episode, the number of the call and its tool
alone: the same seed gives the same faults, whoever plays the episode and however often it was taken
over. A higher rate strikes the same calls and more of them.
"""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError

from simulation.calls import CallResult, error_text
from simulation.degrading import degraded
from simulation.errors import GymError, Problems, Unavailable
from simulation.refusals import plain_words
from simulation.text import clean_text, parse_object
from simulation.tools import Tool, find_tool
from simulation.transcript import Call, Spec
from simulation.values import Frozen

TOOL_ERROR, DELAY = "tool_error", "delay"
LONGEST_DELAY = 30  # seconds
WORDS = "the service is not available at the moment; try again"
_WHOLE = 2**56
_SIGNLESS = AfterValidator(lambda value: value + 0.0)  # equal faults have equal bytes
Share = Annotated[float, Field(ge=0, le=1), _SIGNLESS]
Seconds = Annotated[float, Field(ge=0, le=LONGEST_DELAY), _SIGNLESS]


class Faults(Frozen):
    """Which faults there are, and how often; rates go from 0, never, to 1, every call.

    tools, only: which calls are struck, by failures and delays alike. A tool is named as agents see
    it; none named is all.
    """

    error_rate: Share = Field(0.0, description="share of calls that fail")
    error_message: str = Field(WORDS, min_length=1, max_length=500)
    delay_rate: Share = Field(0.0, description="share of calls that are held up")
    delay_seconds: Seconds = Field(2.0, description="how long each of them is")
    tools: tuple[str, ...] = Field((), max_length=200, description="only these; none is all")
    only: Literal["all", "reads", "writes"] = "all"
    max_results: int | None = Field(None, ge=1, description="rows of a page, when there are more")
    descriptions: Literal["full", "first_sentence", "none"] = "full"
    argument_descriptions: bool = True

    def strike(
        self, seed: int, number: int, tool: str, *, writes: bool | None = None
    ) -> "Fault | None":
        """Tell what goes wrong with a call. number: counts the episode's calls from 1.

        writes: whether the tool does; None for one that is not known, struck if all tools are.
        """
        if not self._concerns(tool, writes):
            return None
        seconds = 0.0
        if _draw(DELAY, seed, number, tool) < self.delay_rate:
            seconds = self.delay_seconds
        if _draw(TOOL_ERROR, seed, number, tool) < self.error_rate:
            return Fault(TOOL_ERROR, tool, seconds, self.error_message)
        return Fault(DELAY, tool, seconds) if seconds else None

    def shown(self, schemas: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Give the definitions of tools as an agent is shown them, in the form that they have.

        schemas: of `tool_definitions` or `function_definitions`.
        """
        if self.descriptions == "full" and self.argument_descriptions:
            return [dict(schema) for schema in schemas]
        return [degraded(each, self.descriptions, self.argument_descriptions) for each in schemas]

    @property
    def strikes(self) -> bool:
        """Tell whether a call may be struck at all."""
        return bool(self.error_rate or (self.delay_rate and self.delay_seconds))

    @property
    def calm(self) -> "Faults":
        """Leave out what is a matter of chance; pages and descriptions stay as they are."""
        return self.model_copy(update={"error_rate": 0.0, "delay_rate": 0.0})

    def _concerns(self, tool: str, writes: bool | None) -> bool:
        if self.tools and tool not in self.tools:
            return False
        return self.only == "all" or writes is (self.only == "writes")


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call. seconds: that it is held up, before it fails too."""

    kind: str
    tool: str
    seconds: float = 0.0
    message: str = ""

    @property
    def note(self) -> str:
        """Say to people, not to agents, what was done."""
        held_up = f"held up for {self.seconds:g} s" if self.seconds else ""
        failed = "made to fail: not executed" if self.kind == TOOL_ERROR else ""
        return f"on purpose: {' and '.join(filter(None, (held_up, failed)))}"

    def result(
        self, call: Call, *, sleep: Callable[[float], None] = time.sleep
    ) -> CallResult | None:
        """Make it happen: gives what the agent sees instead of a result, None after a delay."""
        if self.seconds:
            sleep(self.seconds)
        if self.kind != TOOL_ERROR:
            return None
        raw, cleaned = clean_text(call.arguments_raw)
        return CallResult(
            self.tool,
            _arguments(raw),
            raw,
            error_text(Unavailable(self.message)),
            is_error=True,
            note=cleaned,
        )


NONE = Faults(max_results=None)


def read_faults(data: Mapping[str, Any]) -> Faults:
    """Make faults of data. Raises Problems that name every bad field."""
    try:
        return Faults.model_validate(data)
    except ValidationError as error:
        raise Problems([_line(problem) for problem in error.errors()]) from None


def faults_of(spec: Spec) -> Faults:
    """Give the faults of an episode."""
    return Faults.model_validate(spec.faults) if spec.faults else NONE


def fault_of(spec: Spec, tools: Mapping[str, Tool], number: int, name: str) -> Fault | None:
    """Tell what goes wrong with a call of an episode. A tool that is not there fails by itself.

    number: counts the episode's calls from 1. name: as the agent wrote it.
    """
    tool = find_tool(tools, clean_text(name, limit=200)[0]) if spec.faults else None
    if tool is None:
        return None
    return faults_of(spec).strike(spec.seed, number, tool.name, writes=tool.writes)


def page_size(spec: Spec) -> int:
    """Give how many rows a search gives at most."""
    return min(spec.max_results, faults_of(spec).max_results or spec.max_results)


def calmed(spec: Spec) -> Spec:
    """Give a spec for agents that replay or do nothing: they could not try again."""
    if not spec.faults:
        return spec
    return spec.model_copy(update={"faults": faults_of(spec).calm.model_dump()})


def with_faults(spec: Spec, faults: Mapping[str, Any] | None) -> Spec:
    """Give a spec the faults of a run, unless its task has faults of its own."""
    if spec.faults is not None or not faults:
        return spec
    return spec.model_copy(update={"faults": read_faults(faults).model_dump()})


def _draw(kind: str, seed: int, number: int, tool: str) -> float:
    """Draw a number from 0 up to, not including, 1."""
    digest = hashlib.sha256(f"{kind}:{seed}:{number}:{tool}".encode()).digest()
    return int.from_bytes(digest[:7]) / _WHOLE


def _arguments(raw: str) -> dict[str, Any] | None:
    try:
        return parse_object(raw)[0] if raw.strip() else {}
    except GymError:
        return None


def _line(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"])) or "faults"
    return f"{place}: {plain_words(problem)}"
