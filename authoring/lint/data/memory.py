"""What several rules need of one scene is worked out once."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from authoring.drafts.scene import Scene

_SCENES = 4  # that are looked at one after the other
Read = TypeVar("Read")


class _Same:
    """A scene that is equal to itself alone."""

    __slots__ = ("scene",)

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.scene is self.scene

    def __hash__(self) -> int:
        return id(self.scene)


def once_a_scene(read: Callable[[Scene], Read]) -> Callable[[Scene], Read]:
    """Keep what a function gives for a scene; nobody changes what it gives."""
    kept = lru_cache(maxsize=_SCENES)(lambda same: read(same.scene))

    @wraps(read)
    def remembered(scene: Scene) -> Read:
        return kept(_Same(scene))

    return remembered
