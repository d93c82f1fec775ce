"""What is needed of one scene, or one look at a task, several times is worked out once."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Generic, TypeVar

_HELD = 4  # things that are looked at one after the other
Thing = TypeVar("Thing")
Read = TypeVar("Read")


class _Same(Generic[Thing]):
    """A thing that is equal to itself alone."""

    __slots__ = ("thing",)

    def __init__(self, thing: Thing) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)


def once_for_each(read: Callable[[Thing], Read]) -> Callable[[Thing], Read]:
    """Keep what a function gives for the last few things; nobody changes what it gives."""

    @lru_cache(maxsize=_HELD)
    def kept(same: _Same[Thing]) -> Read:
        return read(same.thing)

    @wraps(read)
    def remembered(thing: Thing) -> Read:
        return kept(_Same(thing))

    return remembered
