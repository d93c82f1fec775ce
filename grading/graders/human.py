"""human: a person decides."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from grading.graders import GRADERS, Check, Evidence, Finding
from simulation.errors import InvalidArgument


@GRADERS.add("human")
class HumanCheck(Check):
    """Leave the criterion to a person. Until somebody has decided, the episode has no reward.

    `instructions` tell that person how to decide. Packs for training take no such criterion."""

    IS_DETERMINISTIC: ClassVar[bool] = False
    EXAMPLE: ClassVar[Mapping[str, Any]] = {
        "kind": "human",
        "instructions": "Read the message aloud. Met when you would send it under your own name.",
    }

    kind: Literal["human"]
    instructions: str = Field("", max_length=4000, description="how a person should decide")

    def grade(self, evidence: Evidence) -> Finding:
        raise InvalidArgument("a person decides this criterion, no rule")

    def sentence(self) -> str:
        return f"A person decides{f': {self.instructions}' if self.instructions else '.'}"
