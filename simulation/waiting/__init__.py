"""Who is next, and who tells the workers.

Messages to the workers carry no episode: they are hints that something waits, and the database says
what. Claims are fair between lanes and keep the limits of lanes and endpoints.
"""

from simulation.waiting.claims import Claim, claim, give_back
from simulation.waiting.hints import (
    MAX_HINTS,
    WORK,
    hint_when_none,
    pass_on,
    repeat_lost_hints,
    tell_workers,
)
from simulation.waiting.pausing import pause_lane, resume_lane
from simulation.waiting.places import Place, places_of
from simulation.waiting.pools import POOLS, Pool, pool_of

__all__ = [
    "MAX_HINTS",
    "POOLS",
    "WORK",
    "Claim",
    "Place",
    "Pool",
    "claim",
    "give_back",
    "hint_when_none",
    "pass_on",
    "pause_lane",
    "places_of",
    "pool_of",
    "repeat_lost_hints",
    "resume_lane",
    "tell_workers",
]
