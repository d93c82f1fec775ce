"""What the list of tasks shows, as plain values."""

from dataclasses import dataclass, field
from datetime import datetime

from authoring.dry_runs.summaries import DryRunSummary
from grading.pages import Rate
from simulation.pages import Choice, Mark, Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class LintCounts:
    """What lint found at the last save and nobody keeps."""

    errors: int
    warnings: int
    hints: int

    @property
    def is_clean(self) -> bool:
        return not (self.errors or self.warnings or self.hints)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task in the list. reviewer and lint are only for those who see the draft; lint is None
    before the first save, rate where nothing is graded, dry_run where there was none."""

    slug: str
    title: str
    url: str
    mark: Mark
    owner: str
    category: str
    difficulty: str
    changed_at: datetime | None
    sees_draft: bool
    reviewer: str = ""
    tags: tuple[str, ...] = ()
    lint: LintCounts | None = None
    dry_run: DryRunSummary | None = None
    rate: Rate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The head of a column; `url` sorts by it, `direction` is "ascending", "descending" or ""."""

    label: str
    url: str = ""
    direction: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """q and tag as they were typed; hidden are the other parts of the address."""

    q: str
    tag: str
    owners: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    difficulties: tuple[Choice, ...]
    reviewers: tuple[Choice, ...] = ()
    lints: tuple[Choice, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    clear_url: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkBar:
    """What can be done to many tasks at once; query is the filter that "all" stands for.

    packs: those that this person may add to, the empty value being a new one. changes: whether
    something of the tasks themselves can be changed.
    """

    actions: tuple[Choice, ...]
    changes: bool
    people: tuple[Choice, ...]
    packs: tuple[Choice, ...]
    query: str
    all_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksPage:
    rows: tuple[TaskRow, ...]
    count: str
    states: tuple[Choice, ...]
    mine: Choice
    headings: tuple[Heading, ...]
    filter: ListFilter
    is_narrowed: bool
    may_write: bool
    sees_drafts: bool
    bulk: BulkBar | None = None
    pager: Pager | None = None
    undo: str = ""
    more: tuple[Choice, ...] = field(default=())
