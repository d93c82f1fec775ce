"""Repeats: how often one and the same call may be made."""

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from grading.calls import cite, same_call
from grading.graders import Evidence, Finding, decided
from simulation.transcript import StepRecord
from simulation.values import Frozen

SHOWN = 120  # characters of a call in a reason
COUNTED = {"all": "", "in_a_row": " in a row", "between_writes": " with nothing written in between"}


class Repeats(Frozen):
    """How often one and the same call may be made: the tool and all arguments are equal."""

    at_most: int = Field(ge=1, description="so many times at most; 1 means never twice")
    counted: Literal["all", "in_a_row", "between_writes"] = Field(
        "all",
        description="all: in the whole episode; in a row: with no other call in between;"
        " between writes: counting begins again when the agent has changed something",
    )

    def too_often(self) -> str:
        """Say what must not be: "twice with the same arguments"."""
        number = "twice" if self.at_most == 1 else f"more than {self.at_most} times"
        return f"{number} with the same arguments"

    def says(self) -> str:
        """Say what counts together, as the end of a sentence."""
        return COUNTED[self.counted]

    def decide(self, evidence: Evidence, calls: Sequence[StepRecord]) -> Finding:
        """calls: those that count."""
        groups = sorted(_groups(evidence, calls, self.counted), key=len, reverse=True)
        worst = groups[0] if groups else []
        if len(worst) < 2:
            return decided(True, "no call was made twice", cite(worst))
        same = f"the same call {len(worst)} times{self.says()}"
        also = sum(len(group) > self.at_most for group in groups) - 1
        more = f"; and {also} more" if also > 0 else ""
        reason = f"{same}, expected at most {self.at_most}: {_shown(worst[0])}{more}"
        return decided(len(worst) <= self.at_most, reason, cite(worst))


def _groups(
    evidence: Evidence, meant: Sequence[StepRecord], counted: str
) -> Iterator[list[StepRecord]]:
    """Give the calls that are the same, as they count together."""
    company = evidence.world.snapshot.company
    chosen = {step.index for step in meant}
    open_: dict[tuple[str, bytes], list[StepRecord]] = {}
    for step in evidence.reached:
        name = same_call(company, step)
        if counted == "in_a_row" and name not in open_:
            yield from open_.values()
            open_ = {}
        if step.index in chosen:
            open_.setdefault(name, []).append(step)
        if counted == "between_writes" and step.changes:
            yield from open_.values()
            open_ = {}
    yield from open_.values()


def _shown(step: StepRecord) -> str:
    text = f"{step.tool} {step.arguments_raw.strip() or '{}'}"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
