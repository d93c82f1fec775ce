"""Putting groups that stay together into three rooms, so that each room is exactly full.

Sets of states are integers: bit `a * width + b` stands for a places taken in the first room and b
in the second. What is taken in the third follows, for all groups together fill all rooms.
"""

from collections.abc import Sequence
from functools import lru_cache

Rooms = tuple[int, int, int]


def fill(counts: Sequence[int], rooms: Rooms) -> list[int] | None:
    """Give the room of each group, or None where no choice fills every room exactly.

    Each group, in order, goes into the first room that has place for it; only where that leaves
    a room half full, into the first one with which the rest still fits.
    """
    if sum(counts) != sum(rooms) or min(rooms) < 0:
        return None
    return _first_fit(counts, rooms) or _looking_ahead(counts, rooms)


def nearest(counts: Sequence[int], rooms: Rooms) -> Rooms:
    """Give the sizes that differ least from those that are asked for, and can be met."""
    total, most = sum(counts), max(counts, default=0)
    first, second = (min(total, max(0, room) + most) for room in rooms[:2])
    width = second + 1
    there, every = 1, (1 << (first + 1) * width) - 1
    for count in counts:
        sideways = (there & _columns(first, width, 0, width - count)) << count
        there |= ((there << count * width) & every) | sideways
    found = (
        (a, b, total - a - b)
        for a in range(max(0, rooms[0] - most), first + 1)
        for b in range(max(0, rooms[1] - most), min(second, total - a) + 1)
        if there >> (a * width + b) & 1
    )
    return min(found, key=lambda sizes: sum(map(_apart, sizes, rooms)))


def _first_fit(counts: Sequence[int], rooms: Rooms) -> list[int] | None:
    left, chosen = list(rooms), []
    for count in counts:
        room = next((n for n, places in enumerate(left) if places >= count), None)
        if room is None:
            return None
        left[room] -= count
        chosen.append(room)
    return chosen


def _looking_ahead(counts: Sequence[int], rooms: Rooms) -> list[int] | None:
    first, second, _ = rooms
    width = second + 1
    after = _good_states(counts, first, width)
    if not after[0] & 1:
        return None
    a, b, chosen = 0, 0, []
    for count, good in zip(counts, after[1:], strict=True):
        ways = ((a + count, b), (a, b + count), (a, b))
        room = next(
            n
            for n, (x, y) in enumerate(ways)
            if x <= first and y <= second and good >> (x * width + y) & 1
        )
        a, b = ways[room]
        chosen.append(room)
    return chosen


def _good_states(counts: Sequence[int], first: int, width: int) -> list[int]:
    """Give, before each group and after the last, the states from which all rooms become full."""
    good = 1 << (first * width + width - 1)
    states = [good]
    for count in reversed(counts):
        sideways = (good & _columns(first, width, count, width)) >> count
        good |= (good >> count * width) | sideways
        states.append(good)
    return states[::-1]


@lru_cache(maxsize=256)
def _columns(rows: int, width: int, start: int, end: int) -> int:
    """Give the states whose b is from start to below end."""
    if end <= start:
        return 0
    every_row = ((1 << width * (rows + 1)) - 1) // ((1 << width) - 1)
    return ((1 << end) - (1 << start)) * every_row


def _apart(one: int, other: int) -> int:
    return abs(one - other)
