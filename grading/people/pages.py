"""What pages show of what people say, as plain values: views fill them, templates print them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from simulation.pages import Choice, Mark, Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was sent and refused: shown again with what is wrong, by field.

    form: "verdict", "report" or "note"; criterion: the key of the one it is about.
    """

    form: str
    values: Mapping[str, str]
    problems: Mapping[str, str]
    criterion: str = ""

    def of(self, form: str, criterion: str = "") -> "Typed | None":
        return self if (self.form, self.criterion) == (form, criterion) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRow:
    """One vote of a judge that voted more than once."""

    mark: Mark
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One verdict of the past or present; `withdraw_url` where this person may take it back."""

    pk: int
    mark: Mark
    who: str
    is_human: bool
    when: datetime
    reason: str
    notes: tuple[str, ...]
    counts: bool
    withdrawn: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""
    votes: tuple[VoteRow, ...] = ()
    withdraw_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictForm:
    """What a person says about one criterion; `problems` by field name."""

    outcomes: tuple[Choice, ...]
    reason: str = ""
    evidence: str = ""
    is_authoritative: bool = False
    may_decide: bool = False
    is_open: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """A report on the task; `key` is that of the criterion, or "" for the whole task."""

    key: str
    faults: tuple[Choice, ...]
    owners: tuple[Choice, ...] = ()
    text: str = ""
    is_open: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Criteria, as (number, key), that wait for a person for the same reason."""

    why: str
    criteria: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingLink:
    """A grading of this rollout; `reward` is "" where there is none or it is hidden."""

    number: int
    words: str
    mark: Mark | None
    reward: str
    url: str
    is_shown: bool
    is_official: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindBar:
    """Whether this person looks blind, how much is still hidden, and the switch."""

    is_on: bool
    hidden: int = 0
    total: int = 0
    url: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """What one person says went wrong."""

    author: str
    level: str
    kind: str
    first_step: int | None
    text: str
    when: datetime
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FailurePanel:
    """Why an attempt failed; `hidden` counts notes that a blind person does not see yet."""

    notes: tuple[NoteRow, ...]
    url: str
    levels: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    first_step: str = ""
    text: str = ""
    has_own: bool = False
    is_open: bool = False
    hidden: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One task report in a list."""

    pk: int
    url: str
    title: str
    fault: str
    mark: Mark
    text: str
    task: str
    criterion: str
    reporter: str
    owner: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePanel:
    """What the side of an episode shows of people: why it failed, reports, gradings."""

    failure: FailurePanel | None
    reports: tuple[ReportRow, ...]
    reports_hidden: bool
    report_form: ReportForm
    report_url: str
    gradings: tuple[GradingLink, ...]
    gradings_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """One criterion that waits for a person, in the queue."""

    url: str
    why: Mark
    number: int
    text: str
    task: str
    title: str
    agent: str
    run: str
    run_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """The queue: `whys`, `runs` and `is_unspoken` narrow it; `next_url` opens the first one."""

    rows: tuple[WaitingRow, ...]
    count: str
    whys: tuple[Choice, ...]
    runs: tuple[Choice, ...]
    is_unspoken: bool
    why: str
    next_url: str
    blind: BlindBar
    empty_title: str
    empty_text: str
    clear_url: str
    pager: Pager | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsPage:
    """The list of task reports with what narrows it."""

    rows: tuple[ReportRow, ...]
    count: str
    states: tuple[Choice, ...]
    faults: tuple[Choice, ...]
    tasks: tuple[Choice, ...]
    owners: tuple[Choice, ...]
    is_mine: bool
    is_filtered: bool
    clear_url: str
    state: str = ""
    pager: Pager | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    """One event of a report: who did what, when and why."""

    actor: str
    words: str
    comment: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveForm:
    """One move that this person can make."""

    action: str
    label: str
    needs_comment: bool
    needs_revision: bool
    lowest: int
    comment: str = ""
    fixed_in: str = ""
    is_open: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """One report with its trail and what may be done about it."""

    row: ReportRow
    fixed_in: str
    episode_url: str
    criterion_text: str
    trail: tuple[TrailRow, ...]
    moves: tuple[MoveForm, ...]
    comment: MoveForm
    owners: tuple[Choice, ...]
    move_url: str
    problems: tuple[Choice, ...] = ()
