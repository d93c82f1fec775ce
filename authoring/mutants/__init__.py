"""Mutants: a task's reference with one thing wrong. A rubric is as strong as the mutants it fails.

One module a kind, found by walking `kinds`: a kind takes a subject and gives mutations, always the
same ones in the same order for the same content.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from authoring.content import CallStep, MessageStep
from simulation.registry import Registry
from simulation.text import canonical

if TYPE_CHECKING:
    from authoring.mutants.subject import Subject

Steps = Sequence[CallStep | MessageStep]


@dataclass(frozen=True)
class Mutation:
    """A solution that differs from the reference, and a sentence that says in what."""

    sentence: str
    steps: Steps


@dataclass(frozen=True)
class Mutant:
    """A mutation under the name that it keeps as long as it says the same in the same world."""

    kind: str
    sentence: str
    steps: Steps
    world: str

    @cached_property
    def hash(self) -> str:
        solution = [step.model_dump() for step in self.steps]
        return hashlib.sha256(canonical([self.world, solution])).hexdigest()

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.hash[:10]}"


Kind = Callable[["Subject"], Iterator[Mutation]]
KINDS: Registry[Kind] = Registry("kind of mutant", f"{__name__}.kinds")
