"""judge: a model reads what happened and decides."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from grading.graders import GRADERS, Check, Evidence, Finding
from simulation.errors import InvalidArgument

Look = Literal["answer", "transcript", "changes"]
WHERE: dict[Look, str] = {
    "answer": "the answer",
    "transcript": "the transcript",
    "changes": "what changed in the world",
}


@GRADERS.add("judge")
class JudgeCheck(Check):
    """Let a model decide what no rule can: tone, reasoning, whether an explanation is right.

    It reads the criterion and the parts of the episode that `look_at` names, all unless you say
    otherwise. `question` adds what it should ask itself. What a rule can decide belongs in a
    rule."""

    IS_DETERMINISTIC: ClassVar[bool] = False
    EXAMPLE: ClassVar[Mapping[str, Any]] = {
        "kind": "judge",
        "question": "Would a customer who reads the message know what happens next, and when?",
        "look_at": ["answer"],
    }

    kind: Literal["judge"]
    question: str = Field("", max_length=4000, description="what the judge should ask itself")
    look_at: tuple[Look, ...] = Field(tuple(WHERE), min_length=1, max_length=len(WHERE))

    def grade(self, evidence: Evidence) -> Finding:
        raise InvalidArgument("a judge decides this criterion, no rule")

    def sentence(self) -> str:
        places = [words for name, words in WHERE.items() if name in self.look_at]
        listed = ", ".join(places[:-1]) + (" and " if places[1:] else "") + places[-1]
        asked = f": {self.question}" if self.question else "."
        return f"A judge reads {listed} and decides{asked}"
