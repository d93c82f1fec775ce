"""How many are taken from which place: a decision about figures alone."""

import heapq
from collections import Counter
from collections.abc import Iterable

from simulation.waiting.places import Place

_NEVER = float("-inf")  # served before all others


def share(places: Iterable[Place], most: int) -> Counter[Place]:
    """Share out so many claims, one after another, each to the lane with the fewest running.

    Lanes with equally many take turns: the one served longest ago comes first. Within a lane its
    endpoints take turns. What waits at a place is not known here, so a share may not be used up.
    """
    taken: Counter[Place] = Counter()
    lanes: Counter[int | None] = Counter()
    endpoints: Counter[int] = Counter()
    line = [(_rank(place, 0, 0), n, place) for n, place in enumerate(places) if place.is_open]
    heapq.heapify(line)
    while line and taken.total() < most:
        rank, number, place = heapq.heappop(line)
        if _is_full(place, lanes, endpoints):
            continue
        current = _rank(place, lanes[place.lane], taken[place])
        if rank != current:  # another place of its lane was served meanwhile
            heapq.heappush(line, (current, number, place))
            continue
        taken[place] += 1
        lanes[place.lane] += 1
        endpoints.update(place.rooms.keys())
        heapq.heappush(line, (_rank(place, lanes[place.lane], taken[place]), number, place))
    return taken


def _rank(place: Place, from_lane: int, from_place: int) -> tuple[int, float, int]:
    served = _NEVER if place.served is None else place.served
    return place.running + from_lane, served, from_place


def _is_full(place: Place, lanes: Counter[int | None], endpoints: Counter[int]) -> bool:
    rooms = [
        (place.lane_room, lanes[place.lane]),
        *((room, endpoints[endpoint]) for endpoint, room in place.rooms.items()),
    ]
    return any(room is not None and room <= taken for room, taken in rooms)
