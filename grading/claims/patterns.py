"""Claims about patterns: regular expressions on the text as it is written."""

from functools import cached_property
from itertools import islice
from typing import Any

import regex
from pydantic import Field, field_validator, model_validator

from grading.bounds import AT_LEAST_ONE, Bounds
from grading.claims import Claim, Judgement
from grading.reading.lines import Document
from simulation.errors import InvalidArgument
from simulation.operators import MATCH_SECONDS
from simulation.patterns import MAX_PATTERN, pattern_problem
from simulation.state import WorldState
from simulation.wording import counted

MOST_MATCHES = 1000  # that are counted
QUOTE = 160


def timed_out(pattern: str) -> InvalidArgument:
    return InvalidArgument(
        f"the pattern {pattern} took longer than {MATCH_SECONDS} s on this text: write it simpler"
    )


class PatternClaim(Claim):
    """A regular expression that is found in the text as it is written, Markdown included.

    ^ and $ are the beginning and the end of a line. For words, values and lists take the other
    claims: they know spellings."""

    EXAMPLE = {"pattern": r"\bRMA-[0-9]{6}\b", "count": {"eq": 1}}

    pattern: str = Field(
        min_length=1, max_length=MAX_PATTERN, description=r"such as \bRMA-[0-9]{6}\b"
    )
    ignore_case: bool = Field(False, description="capital and small letters are the same")
    count: Bounds = Field(
        AT_LEAST_ONE, description="how often it is found; at least once when nothing is said"
    )

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        if problem := pattern_problem(pattern):
            raise ValueError(problem)
        return pattern

    @model_validator(mode="after")
    def _can_fail(self) -> "PatternClaim":
        try:
            is_found = self._compiled.search("", timeout=MATCH_SECONDS)
        except TimeoutError:
            is_found = None
        if is_found and self.count.hold(1):
            raise ValueError("pattern: it is found in the empty text, so every text would do")
        return self

    def judge(self, document: Document, world: WorldState) -> Judgement:
        limit = max(self.count.eq or 0, self.count.gte or 0, self.count.lte or 0) + 1
        found = self._found(document.raw, min(limit, MOST_MATCHES))
        said = f"{self.pattern} is found {counted(len(found), 'time')}"
        if len(found) == limit and not self.count.hold(limit):
            said = f"{self.pattern} is found more than {counted(limit - 1, 'time')}"
        first = found[0][:QUOTE] if found else ""
        quoted = f": “{first}”" if first else ""
        wanted = "" if self.count.hold(len(found)) else f", expected {self._times}"
        return Judgement(self.count.hold(len(found)), f"{said}{quoted}{wanted}", first)

    def says(self) -> str:
        case = ", whatever the case" if self.ignore_case else ""
        if self.count == AT_LEAST_ONE:
            return f"matches the pattern {self.pattern}{case}"
        if self.count.eq == 0:
            return f"does not match the pattern {self.pattern}{case}"
        return f"matches the pattern {self.pattern} {self._times}{case}"

    @property
    def _times(self) -> str:
        if self.count.eq == 0:
            return "never"
        return "at least once" if self.count == AT_LEAST_ONE else f"{self.count.says()} times"

    @cached_property
    def _compiled(self) -> Any:
        flags = regex.MULTILINE | (regex.IGNORECASE if self.ignore_case else 0)
        return regex.compile(self.pattern, flags)

    def _found(self, text: str, limit: int) -> list[str]:
        try:
            matches = self._compiled.finditer(text, timeout=MATCH_SECONDS)
            return [match[0] for match in islice(matches, limit)]
        except TimeoutError:
            raise timed_out(self.pattern) from None
