"""Why nothing is taken from where something waits: what a monitor has to say."""

from simulation.models import Lane, ModelEndpoint
from simulation.waiting.places import Place, places_of
from simulation.waiting.pools import POOLS


def waiting_lanes() -> set[int | None]:
    """Name the lanes in which something waits; None for what waits in no lane."""
    return {place.lane for pool in POOLS for place in places_of(pool)}


def standstills(lane: Lane) -> list[str]:
    """Say, as sentences, what keeps a lane's waiting episodes from being taken at all.

    Empty when nothing waits and when all that waits is taken as soon as a worker is free.
    """
    places = [p for pool in POOLS for p in places_of(pool) if p.lane == lane.pk and not p.is_open]
    asked = {place.endpoint for place in places if place.endpoint is not None}
    names = dict(ModelEndpoint.objects.filter(pk__in=asked).values_list("pk", "name"))
    return list(
        dict.fromkeys(_reason(place, names.get(place.endpoint or 0, "")) for place in places)
    )


def _reason(place: Place, endpoint: str) -> str:
    if place.is_paused:
        return "It is paused."
    if place.is_off:
        return f"The endpoint {endpoint} is switched off: what asks it waits until it is on again."
    if place.lane_room is not None and place.lane_room <= 0:
        return "As many of its episodes run as may run at one time."
    return f"The endpoint {endpoint} is asked by as many episodes as may ask it at one time."
