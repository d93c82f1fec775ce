"""What the strip and the page of dry runs show, as plain values: views fill them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from simulation.pages import Choice, Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """ "criterion 4", and where it stands."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """How one agent did: "claims-only 1/8 fails", the criteria that decided it.

    mark: whether that is as it has to be; `url` is its episode, "" where it is hidden.
    """

    agent: str
    mark: Mark
    points: str
    reward: str
    url: str
    lead: str = ""
    criteria: tuple[Link, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantsChip:
    mark: Mark
    share: str
    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartForm:
    """The button that starts a dry run; `judges` are offered where the rubric has use for one."""

    url: str
    label: str
    judges: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One dry run as the strip shows it; `stale` says that the draft says something else now."""

    version: str
    stale: str
    at: datetime
    is_live: bool
    done: int
    total: int
    chips: tuple[Chip, ...]
    mutants: MutantsChip | None
    cancel_url: str
    warnings: tuple[str, ...] = ()
    undecided: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """Something that the draft lacks, and the tab where it is mended."""

    text: str
    url: str = ""
    tab: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """`shown` is None before the first dry run. past_url: tries the rubric on past episodes.

    blocked: why the draft could not be tried just now.
    """

    page_url: str
    poll_url: str
    past_url: str
    start: StartForm
    shown: Shown | None
    blocked: tuple[Blocked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One agent of the matrix."""

    chip: Chip
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What became of one criterion with one agent; `reason` is shown on demand."""

    agent: str
    mark: Mark
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLine:
    number: int
    key: str
    text: str
    points: str
    kind: str
    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDecide:
    """A criterion that no rule decides, on the reference.

    said: what counts for approval so far. form_url: "" where this person decides nothing; `why`
    says so then.
    """

    number: int
    key: str
    text: str
    question: str
    kind: str
    answers: tuple[Choice, ...]
    mark: Mark
    said: str
    is_open: bool
    form_url: str
    episode_url: str
    why: str = ""
    reason: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRow:
    """One dry run of the list."""

    version: str
    url: str
    mark: Mark
    mutants: str
    by: str
    at: datetime
    is_current: bool
    is_stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunPage:
    """gates: what stands against approving the version, `warnings` what a reviewer looks at.

    hidden: why the reference is not shown yet. poll_url: "" when all is over; it says whether the
    page shows what there is to decide. problems: of the form that was sent.
    """

    strip: Strip
    poll_url: str
    columns: tuple[Column, ...]
    lines: tuple[CriterionLine, ...]
    to_decide: tuple[ToDecide, ...]
    gates: tuple[str, ...]
    warnings: tuple[str, ...]
    run_url: str
    strength_url: str
    history: tuple[PastRow, ...]
    hidden: str = ""
    problems: tuple[Link, ...] = ()
