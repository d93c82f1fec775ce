"""How a model plays an agent, and what an episode of it may use up: frozen values."""

from typing import Any

from pydantic import Field, field_validator

from simulation.chat.capabilities import further
from simulation.transcript import Budgets
from simulation.values import Frozen

CALLS = 200  # of one episode, unless its agent is given more or fewer


class Limits(Frozen):
    """What one episode may use up; 0 is no limit. What is used up ends it, graded and truncated."""

    max_calls: int = Field(CALLS, ge=0, le=100_000, description="tool calls")
    max_turns: int = Field(0, ge=0, le=10_000, description="model calls")
    max_tokens: int = Field(0, ge=0, le=10**12, description="of all model calls together")
    max_cost: float = Field(0, ge=0, le=1_000_000, description="USD")
    wall_seconds: int = Field(0, ge=0, le=31_536_000, description="seconds of its own work")


NO_LIMITS = Limits(max_calls=0)


class AgentSettings(Frozen):
    """How a model is asked.

    temperature, max_output_tokens: None leaves it to the server. instructions: follow the system
    prompt of the task. seeded: the seed of the episode is sent, so that rollouts differ and repeat.
    extra: further members of each request's body.
    """

    temperature: float | None = Field(None, ge=0, le=2)
    max_output_tokens: int | None = Field(None, ge=16, le=1_000_000)
    instructions: str = Field("", max_length=20_000)
    seeded: bool = True
    nudge: bool = True
    extra: dict[str, Any] = Field(default_factory=dict)

    @field_validator("extra")
    @classmethod
    def _adds_only(cls, value: dict[str, Any]) -> dict[str, Any]:
        return further(value)


def as_typed(values: Frozen) -> dict[str, Any]:
    """Give values as a person would write them: whole numbers without a point."""
    given = values.model_dump(mode="json")
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in given.items()
    }


def within(budgets: Budgets, *limits: Limits) -> Budgets:
    """Give the tightest of what a task allows and of limits."""
    found = budgets.model_dump()
    for given in limits:
        for name, most in given.model_dump().items():
            if most:
                found[name] = min(found[name], most) if found[name] else most
    return Budgets(**found)
