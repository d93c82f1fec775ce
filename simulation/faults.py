"""What is made to go wrong on purpose: failing tools, delays, shorter pages, poorer descriptions.

Whether a call is struck depends on the seed of the episode and the number of the call alone: the
same seed gives the same faults, whoever plays the episode and however often it was taken over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from simulation.calls import CallResult
from simulation.transcript import Call, Spec
from simulation.values import Frozen

TOOL_ERROR, DELAY = "tool_error", "delay"


class Faults(Frozen):
    """Which faults there are, and how often."""

    max_results: int | None = Field(None, ge=1, description="rows of a page, when there are more")

    def strike(self, seed: int, number: int, tool: str) -> "Fault | None":
        """Tell what goes wrong with a call. number: counts the episode's calls from 1."""
        return None

    def shown(self, schemas: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Give the tools as the agent is shown them. schemas: see function_definitions."""
        return schemas


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call."""

    kind: str

    def result(self, call: Call) -> CallResult | None:
        """Make it happen: gives what the agent sees instead of a result, None after a delay."""
        return None


NONE = Faults(max_results=None)


def read_faults(data: Mapping[str, Any]) -> Faults:
    """Make faults of data. Raises Problems that name every bad field."""
    return Faults.model_validate(data)


def faults_of(spec: Spec) -> Faults:
    """Give the faults of an episode."""
    return Faults.model_validate(spec.faults) if spec.faults else NONE
