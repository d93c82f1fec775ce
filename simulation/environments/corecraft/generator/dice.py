"""Chance that is the same everywhere: one stream for each area of the data.

An area that is added later has its own stream, so it does not shift what the others draw. Only
whole numbers are drawn, because floating point functions may differ between machines.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """A stream of choices that depends on the seed and the name of the area alone."""

    def __init__(self, seed: int, area: str) -> None:
        digest = hashlib.sha256(f"{seed}/{area}".encode()).digest()
        self._random = random.Random(int.from_bytes(digest, "big"))  # noqa: S311  data, no secret

    def number(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return low + self._random.randrange(high - low + 1)

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    def one(self, items: Sequence[Item]) -> Item:
        return items[self._random.randrange(len(items))]

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """Draw different items, all of them when there are not enough."""
        return self.shuffled(items)[:count]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self._random.randrange(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def weighted(self, weights: Mapping[Item, int]) -> Item:
        """Draw a key; its weight is its share of all."""
        mark = self._random.randrange(sum(weights.values()))
        for item, weight in weights.items():
            mark -= weight
            if mark < 0:
                return item
        raise AssertionError("the mark lies within the weights")

    def digits(self, count: int) -> str:
        return "".join(str(self._random.randrange(10)) for _ in range(count))
