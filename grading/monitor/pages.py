"""What the monitor shows, as plain values: texts are ready to show, "" is absent."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.pages import Fact, Mark, Notice

if TYPE_CHECKING:
    from grading.pages import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceRow:
    """One agent's progress and cost; `speed` and `left` are "" when nothing is left or known."""

    name: str
    url: str
    segments: "tuple[Segment, ...]"
    done: int
    total: int
    speed: str
    left: str
    tokens: str
    agent_cost: str
    customer_cost: str
    judge_cost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeRow:
    """Episodes whose details begin alike; `url` leads to one of them."""

    words: str
    count: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """Episodes that ended for one reason. `fate`: what became of them; `url` lists them."""

    reason: str
    count: str
    fate: Mark
    url: str
    alike: tuple[LikeRow, ...]
    others: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowRow:
    """An episode that takes long. `since`: how long ago its last step was, while it runs."""

    pk: int
    url: str
    task: str
    agent: str
    index: int
    mark: Mark
    took: str
    steps: int
    since: str
    longest: str
    longest_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """What may be done with the run now, by whoever looks; a number is what it would touch.

    limit: what the field says; `problem` is what is wrong with it. hidden: says how many of them
    are held out from this person.
    """

    is_paused: bool
    may_pause: bool
    live: int
    masked: int
    parked: int
    limit: str
    hidden: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorPanel:
    """`speed` says how fast it goes and when it would end; `first_failure` is an address."""

    speed: str
    counts: tuple[Fact, ...]
    spent: tuple[Fact, ...]
    holds: tuple[Notice, ...]
    agents: tuple[PaceRow, ...]
    has_customers: bool
    has_judge: bool
    stops: tuple[StopRow, ...]
    parked: tuple[LikeRow, ...]
    slow: tuple[SlowRow, ...]
    slowest: str
    steering: Steering
    first_failure: str
