"""What the tab Setup shows, as plain values."""

from dataclasses import dataclass
from typing import Literal

from simulation.browser.entity_page import RelatedGroup
from simulation.browser.links import RowLink
from simulation.browser.rows_page import ListedRow, RowsPage
from simulation.browser.searching import Segment
from simulation.browser.values import Shown
from simulation.editing.sheet import Sheet
from simulation.pages import Choice

Word = Literal["changed", "added", "removed", "unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """One field, from and to; None is absent. is_same: it says what the world says already."""

    name: str
    label: str
    before: Shown | None
    after: Shown | None
    is_same: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRow:
    """One operation of a setup. base: its fingerprint. raw: what could not be read as one."""

    number: int
    word: Word
    kind: str
    link: RowLink
    gist: str
    lines: tuple[FieldLine, ...]
    problems: tuple[str, ...]
    base: str = ""
    edit_url: str = ""
    raw: str = ""
    is_first: bool = False
    is_last: bool = False

    @property
    def has_before(self) -> bool:
        return self.word == "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """A rule of the company that the world keeps and the setup breaks: rows, and how each does."""

    rule: str
    rows: tuple[tuple[RowLink, str], ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupPage:
    """`seen` says what agents find that is not in the world; `amounts` what can be computed."""

    operations: tuple[OperationRow, ...]
    summary: tuple[tuple[str, int], ...]
    seen: str
    broken: tuple[BrokenRule, ...]
    amounts: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowForm:
    """The form of one row: of an operation (`path` is its part of the draft), or of a new one.

    saved: whether what is typed is kept in spite of the problems. keep: offer to keep it so.
    """

    title: str
    kind: str
    key: str
    row_url: str
    url: str
    sheet: Sheet
    save: str
    path: str = ""
    saved: bool = False
    keep: bool = False
    delete_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePage:
    """`related` are the rows that refer to the row: while there are any, it cannot go alone.

    members: all that would go with it, where nothing else refers to any of that.
    """

    kind: str
    link: RowLink
    url: str
    related: tuple[RelatedGroup, ...]
    count: str
    members: tuple[RowLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """What can be done with a row for a setup; "" is not possible."""

    change: str
    remove: str
    another: str
    group: str
    operation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRow:
    row: ListedRow
    actions: Actions


@dataclass(frozen=True, slots=True, kw_only=True)
class FinderPage:
    """Rows of one kind to choose from; `kinds` leads to the others."""

    page: RowsPage
    kinds: tuple[Choice, ...]
    rows: tuple[ChosenRow, ...]
    new_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """A row that was found beside the text. `pairs` is what a peek shows."""

    link: RowLink
    title: tuple[Segment, ...]
    where: tuple[Segment, ...]
    gist: str
    reference: str
    pairs: tuple[tuple[str, str], ...]
    actions: Actions


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGroup:
    label: str
    name: str
    count: str
    url: str
    rows: tuple[FoundRow, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldPanel:
    """`named` are the rows that the task names, shown while nothing is searched for."""

    slug: str
    text: str
    groups: tuple[FoundGroup, ...]
    may_edit: bool
    is_searched: bool
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """A row that goes with the one that is copied. `place` is how the form names it."""

    place: str
    link: RowLink
    gist: str
    through: str
    is_taken: bool
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LikePage:
    """The form of a copy, or what it would add. `preview` is None before it was asked for."""

    title: str
    kind: str
    key: str
    url: str
    form: Sheet
    dependents: tuple[Dependent, ...]
    hint: str
    preview: tuple[OperationRow, ...] | None = None
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    broken: tuple[BrokenRule, ...] = ()
    carried: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseTask:
    slug: str
    title: str
    actions: Actions


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage:
    """Own tasks to which a row of a world can be added; `others` play in other worlds."""

    world: str
    link: RowLink
    kind: str
    tasks: tuple[ChooseTask, ...]
    others: int
    another_version: str
