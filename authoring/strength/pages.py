"""What the page of a task's rubric strength shows, as plain values: views fill them."""

from dataclasses import dataclass
from datetime import datetime

from authoring.models import EquivalentMutant
from authoring.mutants.scores import Kills
from grading.pages import Rate
from simulation.pages import Choice, Fact, Mark, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a difference: `kept`, `gone` (the reference has it) or `come` (the mutant)."""

    state: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDifference:
    """A row that does not end as the reference leaves it; fields as (name, reference, mutant)."""

    entity_type: str
    entity_id: str
    word: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantCard:
    """One mutant that no rule failed. `reason` is what was typed, `mark` who found it right."""

    id: str
    kind: str
    sentence: str
    calls: tuple[tuple[Piece, ...], ...]
    answer: tuple[Piece, ...]
    rows: tuple[RowDifference, ...]
    closest: tuple[str, ...]
    open: tuple[str, ...]
    mark_url: str = ""
    unmark_url: str = ""
    mark: EquivalentMutant | None = None
    reason: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    kind: str
    killed: int
    n: int
    rate: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One report of the history."""

    url: str
    name: str
    mark: Mark
    score: str
    by: str
    at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a report found. `idle` are the criteria that fail no mutant."""

    rate: Rate | None
    facts: tuple[Fact, ...]
    survivors: tuple[MutantCard, ...]
    undecided: tuple[MutantCard, ...]
    equivalent: tuple[MutantCard, ...]
    kinds: tuple[KindRow, ...]
    criteria: tuple[Kills, ...]
    idle: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One report, before and after its end; `figures` are there once it ended well."""

    mark: Mark
    measured: str
    is_live: bool
    poll_url: str
    cancel_url: str
    done: int
    total: int
    notice: Notice | None = None
    figures: Figures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthPage:
    """`subject` names what would be measured now; `blocked` says why it cannot be.

    `judges` are offered where the rubric has criteria for one.
    """

    title: str
    slug: str
    subject: str
    start_url: str
    blocked: str
    judges: tuple[Choice, ...]
    history: tuple[ReportRow, ...]
    report: ReportView | None
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into a card's form and was refused."""

    mutant: str
    reason: str
    problem: str
