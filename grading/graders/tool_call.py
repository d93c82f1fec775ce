"""tool_call: which tools the agent used, how often, with what arguments and in which order."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from grading import calls
from grading.bounds import AT_LEAST_ONE, NONE, Bounds
from grading.calls import OtherCall, calls_of, cite, says_where
from grading.expectations import Expectation
from grading.graders import GRADERS, Check, Evidence, Finding, decided
from grading.repeats import Repeats
from simulation.environments import Environment
from simulation.transcript import StepRecord

TOTALS = {"all": "tools", "reads": "reading tools", "writes": "writing tools"}


@GRADERS.add("tool_call")
class ToolCallCheck(Check):
    """Look at the calls that the agent made.

    Name the `tool` as agents see it, or take a `total` over all tools, or over those that only
    read, or write. `called: true` (the default) asks for at least one call, `called: false` for
    none, and `called: {lte: 20}` counts, as a budget does. `arguments` narrows it to calls whose
    arguments are so; an argument that the agent did not write is empty, whatever the tool assumes
    for it. With `before` or `after` only those calls count that stand before or after the first
    call of another tool. `repeats` instead limits how often one and the same call is made. Calls
    that failed do not count unless `failed_too` is true; calls that were made to fail on purpose
    (faults) never do, because they never reached the tool."""

    EXAMPLE: ClassVar[Mapping[str, Any]] = {
        "kind": "tool_call",
        "tool": "searchRefunds",
        "arguments": [{"path": "status", "value": "processed"}],
    }

    kind: Literal["tool_call"]
    tool: str | None = Field(
        None, min_length=1, max_length=200, description="the name as agents see it"
    )
    total: Literal["all", "reads", "writes"] | None = Field(
        None, description="instead of one tool: all of them, those that read, those that write"
    )
    called: bool | Bounds = Field(
        True, description="yes: at least once; no: never; or write how many times"
    )
    arguments: tuple[Expectation, ...] = Field(
        (), description="only calls whose arguments are so; every line must hold"
    )
    before: OtherCall | None = Field(
        None, description="only calls before the first call of this tool"
    )
    after: OtherCall | None = Field(
        None, description="only calls after the first call of this tool"
    )
    repeats: Repeats | None = Field(
        None, description="instead of counting calls: how often the same call may be made"
    )
    failed_too: bool = Field(False, description="calls that the tool refused count as well")

    @model_validator(mode="after")
    def _agrees(self) -> "ToolCallCheck":
        if (self.tool is None) == (self.total is None):
            raise ValueError("write tool or total, one of them")
        if self.total and self.arguments:
            raise ValueError("arguments go with tool, not with total")
        if self.repeats and ("called" in self.model_fields_set or self.before or self.after):
            raise ValueError("repeats stands alone: leave out called, before and after")
        return self

    def grade(self, evidence: Evidence) -> Finding:
        company = evidence.world.snapshot.company
        found = self._found(evidence)
        asked = found if self.failed_too else [step for step in found if not step.is_error]
        meant = calls.select(company, self.tool, asked, self.arguments) if self.tool else asked
        if self.repeats:
            return self.repeats.decide(evidence, meant)
        first = self.before.first(evidence) if self.before else None
        start = self.after.first(evidence) if self.after else None
        counted = [s for s in meant if _lies(s, self.after, start, first)] if self._order else meant
        met = self._wanted.hold(len(counted))
        if self.before and not first and self._wanted.needs_one:
            met = False
        cited = [*filter(None, (start, first)), *(counted or meant or asked or found)]
        reason = self._reason(counted, len(asked) - len(counted))
        rest = f"{_failed(len(found) - len(asked))}{self._never(start, first)}"
        return decided(met, f"{reason}{rest}", cite(cited))

    def sentence(self) -> str:
        if self.repeats:
            return f"{self._repeated(self.repeats)}{self._footnote}."
        times = self._wanted_times
        if self.total:
            what = TOTALS[self.total]
            never = times == "never"
            who = f"The agent {f'never calls {what}' if never else f'calls {what} {times}'}"
        else:
            who = f"{self.tool} {'is never called' if times == 'never' else f'is called {times}'}"
        return f"{who}{self._with}{self._order}{self._footnote}."

    def problems(self, company: Environment) -> list[str]:
        found = calls.problems_of(company, self.tool, self.arguments) if self.tool else []
        for place, other in (("before", self.before), ("after", self.after)):
            lines = calls.problems_of(company, other.tool, other.arguments) if other else []
            found += [f"{place}.{line}" for line in lines]
        return found

    @cached_property
    def _wanted(self) -> Bounds:
        if isinstance(self.called, Bounds):
            return self.called
        return AT_LEAST_ONE if self.called else NONE

    @cached_property
    def _wanted_times(self) -> str:
        return _times(self._wanted)

    @cached_property
    def _with(self) -> str:
        return says_where(self.arguments)

    @cached_property
    def _order(self) -> str:
        after = f" after the first call of {self.after.says()}" if self.after else ""
        before = f" before the first call of {self.before.says()}" if self.before else ""
        return f"{after}{' and' if after and before else ''}{before}"

    @cached_property
    def _footnote(self) -> str:
        return ", failed calls included" if self.failed_too else ""

    def _found(self, evidence: Evidence) -> Sequence[StepRecord]:
        """Give the calls of the tool, or of all that are totalled."""
        return calls_of(evidence, self.tool) if self.tool else self._totalled(evidence)

    def _totalled(self, evidence: Evidence) -> Sequence[StepRecord]:
        if self.total == "all":
            return evidence.reached
        tools = evidence.world.snapshot.company.tools
        writes = self.total == "writes"
        chosen = [
            s
            for name, steps in evidence.calls.items()
            if tools[name].writes == writes
            for s in steps
        ]
        return sorted(chosen, key=lambda step: step.index)

    def _reason(self, counted: Sequence[StepRecord], others: int) -> str:
        count = len(counted)
        times = f"{count} time{'' if count == 1 else 's'}"
        if self.total:
            done = f"{TOTALS[self.total]} were called {times}{self._order}"
        else:
            done = f"{self.tool} was called {times}{self._with}{self._order}"
        of_it = " of it" if self.tool else ""
        also = f"; {others} other call{'' if others == 1 else 's'}{of_it}" if others else ""
        return f"{done}, expected {self._wanted_times}{also}"

    def _never(self, start: StepRecord | None, first: StepRecord | None) -> str:
        """Name the calls that others should stand before or after, when there were none."""
        absent = [
            other.says()
            for other, step in ((self.after, start), (self.before, first))
            if other and not step
        ]
        return "".join(f"; {words} was never called" for words in absent)

    def _repeated(self, repeats: Repeats) -> str:
        subject = self.tool or f"No {TOTALS[str(self.total)].removesuffix('s')}"
        never = "never " if self.tool else ""
        return f"{subject} is {never}called {repeats.too_often()}{self._with}{repeats.says()}"


def _lies(
    step: StepRecord, after: OtherCall | None, start: StepRecord | None, first: StepRecord | None
) -> bool:
    """Tell whether a call stands after the one and before the other. Where the call that it should
    stand before never came, it stands before it."""
    is_after = start is not None and step.index > start.index if after else True
    return is_after and (first is None or step.index < first.index)


def _failed(count: int) -> str:
    if not count:
        return ""
    return f"; {count} failed call{'' if count == 1 else 's'} not counted"


def _times(wanted: Bounds) -> str:
    if wanted.eq == 0:
        return "never"
    number = wanted.says()
    return f"{number} times".replace(" 1 times", " once").replace("exactly once", "once")
