"""What a scratch clone begins with besides its world: nothing, or what a task lays out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulation import episodes
from simulation.models import World
from simulation.state import MAX_RESULTS
from simulation.transcript import Spec

TOOLSET = "all"  # a page narrows what it shows; the clone takes every call


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A person has one clone of a world for each name; "" is the world's own playground.

    is_held_out: whether what it lays out is for few eyes.
    """

    name: str = ""
    prompt: str = ""
    setup: Sequence[Mapping[str, Any]] = ()
    toolset: str = TOOLSET
    max_results: int = MAX_RESULTS
    is_held_out: bool = False

    def spec(self, world: World) -> Spec:
        """Raises InvalidArgument when toolset or setup do not fit the world."""
        return episodes.make_spec(
            world,
            prompt=self.prompt,
            setup=[dict(operation) for operation in self.setup],
            toolset=self.toolset,
            max_results=self.max_results,
        )

    def is_in(self, spec: Spec) -> bool:
        """Tell whether calls in a clone of that spec see what this scene lays out."""
        mine = ([dict(each) for each in self.setup], self.toolset, self.max_results)
        return mine == (spec.setup, spec.toolset, spec.max_results)


PLAIN = Scene()
