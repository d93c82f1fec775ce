"""What of a wish is not run, and why."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Tasks or agents that one reason keeps out.

    names: those that may be named; unnamed: how many more there are.
    """

    why: str
    names: tuple[str, ...] = ()
    unnamed: int = 0

    @property
    def count(self) -> int:
        return len(self.names) + self.unnamed


def left(why: str, names: Iterable[str]) -> list[LeftOut]:
    """Give one reason with those whom it keeps out, none where there are none."""
    found = tuple(sorted(set(names)))
    return [LeftOut(why=why, names=found)] if found else []
