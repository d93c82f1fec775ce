"""Claims: what a text must say. Each is data with a rule; the `response` grader asks one of
them."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from grading.reading.lines import Document
from simulation.environments import Environment
from simulation.state import WorldState
from simulation.values import Frozen


class Judgement(NamedTuple):
    """Whether a text says it, why, and the words that show it."""

    met: bool
    reason: str
    quote: str = ""


class Claim(Frozen):
    """The base of all claims. EXAMPLE is one in the world of the first company."""

    EXAMPLE: ClassVar[Mapping[str, Any]]

    @abstractmethod
    def judge(self, document: Document, world: WorldState) -> Judgement:
        """Decide. Whatever this raises is a grader error."""

    @abstractmethod
    def says(self) -> str:
        """Say what is claimed, after "the answer"."""

    def problems(self, company: Environment) -> list[str]:
        """Say everything that does not fit a company."""
        return []

    def unresolved(self, world: WorldState) -> list[str]:
        """Say everything that a world lacks."""
        return []
