"""A bundle as it was read: what a version of a pack holds, and the worlds that it is played in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from authoring.exports.contents import PackContents, PackedTask
from simulation.errors import Problems
from simulation.portability.parcel import Parcel
from simulation.portability.problems import Problem
from simulation.snapshots import Snapshot


@dataclass(frozen=True, kw_only=True)
class BundledWorld:
    """A world that came along. hash: of its content; name: SLUG@VERSION.

    start: what the paths of its files begin with in the bundle; files: by their paths in the world.
    """

    name: str
    hash: str
    start: str
    files: Mapping[str, bytes]
    parcel: Parcel
    snapshot: Snapshot


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A whole bundle; notes: what is worth knowing and stands against nothing."""

    contents: PackContents
    tasks: tuple[PackedTask, ...]
    worlds: Mapping[str, BundledWorld]
    notes: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.contents.name

    @property
    def canary(self) -> str:
        return self.contents.canary


class BundleProblems(Problems):
    """Everything that is wrong with a bundle, by file and field. more: so many beyond `found`."""

    def __init__(self, found: Sequence[Problem], *, more: int = 0) -> None:
        lines = [str(problem) for problem in found]
        super().__init__([*lines, f"and {more:,} more, at least"] if more else lines)
        self.found, self.more = tuple(found), more
