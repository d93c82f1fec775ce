"""What is shown before a version is frozen."""

from dataclasses import dataclass

from authoring.packs.coverage import SplitPart
from authoring.packs.pages.checks import Checks
from simulation.pages import Choice, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePage:
    """What becomes frozen. given: what tasks get their split for life, by split.

    repeats: the newest version, where nothing differs from it.
    """

    slug: str
    title: str
    name: str
    facts: tuple[Fact, ...]
    given: str
    given_parts: tuple[SplitPart, ...]
    held_out: str
    held_out_count: int
    checks: Checks
    can_freeze: bool
    notes: str
    problems: tuple[Choice, ...]
    repeats: str = ""
