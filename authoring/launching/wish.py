"""What a launcher is asked for, as a frozen value: typed in the form, sent over REST or said to the
command. It is kept with the run, so that it can be asked again.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from authoring.splits import SPLITS
from simulation.agent_settings import NO_LIMITS, Limits
from simulation.faults import NONE, Faults
from simulation.text import clean_json
from simulation.validating import line_of, place_of, read_as
from simulation.values import Frozen

MOST_TASKS, MOST_AGENTS, MOST_REPEATS = 5000, 50, 64
MOST_EPISODES = 100_000
LARGEST_SEED = 2**31 - 1  # what servers of models take
KINDS = ("evaluation", "training")


class Player(Frozen):
    """The model that plays customers whom no script plays. endpoint: its name."""

    endpoint: str = Field(min_length=1, max_length=60)
    model: str = Field(min_length=1, max_length=200)


class Wish(Frozen):
    """Which tasks, which agents, how often and how.

    pack: "slug@3", or "slug" for its newest version. tasks: slugs; of the pack, where there is one.
    changed_since: number of a run; what it tried as it is now is left out. agents: "name@version",
    "name" for its newest version, or a scripted one. judge: "" leaves its criteria open.
    seed: None draws one.
    """

    pack: str = Field("", max_length=100)
    split: Literal["", *SPLITS] = ""  # type: ignore[valid-type]  # the names stand in one place
    tasks: tuple[str, ...] = Field((), max_length=MOST_TASKS)
    changed_since: int | None = Field(None, ge=1, le=2**31 - 1)
    agents: tuple[str, ...] = Field(min_length=1, max_length=MOST_AGENTS)
    repeats: int = Field(1, ge=1, le=MOST_REPEATS)
    judge: str = Field("", max_length=100)
    customer: Player | None = None
    faults: Faults | None = None
    limits: Limits = NO_LIMITS
    max_running: int | None = Field(None, ge=1, le=100_000)
    kind: Literal[KINDS] = "evaluation"  # type: ignore[valid-type]
    title: str = Field("", max_length=200)
    seed: int | None = Field(None, ge=0, le=LARGEST_SEED)

    @field_validator("limits", mode="before")
    @classmethod
    def _none_of_its_own(cls, value: Any) -> Any:
        """Let a limit that is not named be none, where that of agents has a default."""
        return {"max_calls": 0, **value} if isinstance(value, Mapping) else value

    @field_validator("faults")
    @classmethod
    def _some_or_none(cls, value: Faults | None) -> Faults | None:
        return None if value == NONE else value

    def kept(self) -> dict[str, Any]:
        """Give what was said, without what is so anyway."""
        return self.model_dump(mode="json", exclude_defaults=True)


def read_wish(given: Mapping[str, Any]) -> Wish:
    """Make a wish of what was typed or sent. Raises Problems that name every bad field."""
    return read_as(Wish, clean_json(given), line=_line)


def _line(problem: Any) -> str:
    if place_of(problem) == "agents" and problem["type"] in ("missing", "too_short"):
        return "agents: choose at least one"
    return line_of(problem)
