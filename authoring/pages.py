"""What Home and the frame around every page show, as plain values: views fill them."""

from dataclasses import dataclass
from datetime import datetime

from authoring.listing.pages import TaskRow
from grading.pages import Rate
from simulation.pages import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of the left rail; `icon` is a symbol of the sprite."""

    label: str
    url: str
    icon: str
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnItem:
    """Something that waits for this person; `action` is the verb on its link."""

    mark: Mark
    title: str
    detail: str
    url: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One figure of the stock; without `url` it is no link."""

    label: str
    value: str
    detail: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRate:
    """One agent's line in the picture of a run; `rate` is None while nothing is graded."""

    name: str
    rate: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentRun:
    """A run with its picture; `more` tells of agents left out ("and 3 more")."""

    title: str
    url: str
    kind: str
    mark: Mark
    owner: str
    created_at: datetime
    done: int
    total: int
    agents: tuple[AgentRate, ...]
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """What one person has in hand, and how many of their tasks were approved this month."""

    name: str
    drafts: int
    in_review: int
    approved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartStep:
    """One step of the first start: a command to type, or a link to follow."""

    title: str
    text: str
    is_done: bool
    command: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """`start` is shown until every step of it is done; `turn_note` explains an empty `turn`.

    to_model_run: what leads a launcher to a model's first run, once the start is done.
    drafts: tasks of this person, the last changed first; None for who writes none.
    """

    roles: str
    turn: tuple[TurnItem, ...]
    turn_note: str
    runs: tuple[RecentRun, ...]
    counts: tuple[Count, ...]
    may_launch: bool = False
    start: tuple[StartStep, ...] = ()
    to_model_run: tuple[StartStep, ...] = ()
    drafts: tuple[TaskRow, ...] | None = None
    drafts_url: str = ""
    team: tuple[TeamLine, ...] = ()
