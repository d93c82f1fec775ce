"""What the pages of packs show, as plain values: views fill them, templates print them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from authoring.listing.pages import ListFilter
from authoring.packs.coverage import Coverage, SplitPart
from simulation.pages import Choice, Fact, Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRow:
    """A pack in the list. number: of its newest version, 0 for none; `next_note` tells where what
    is put together differs from it."""

    slug: str
    title: str
    url: str
    number: int
    version_url: str
    tasks: str
    next_note: str
    worlds: tuple[str, ...]
    purpose: str
    owner: str
    frozen_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PacksPage:
    rows: tuple[PackRow, ...]
    count: str
    may_make: bool
    pager: Pager | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitMark:
    """The split of a task. is_planned: it gets it with the next version."""

    split: str
    word: str
    is_planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTaskRow:
    """A task of the next version. newer: the approved revision that is newer, 0 for none."""

    slug: str
    title: str
    url: str
    category: str
    difficulty: str
    chosen: int
    split: SplitMark | None
    newer: int = 0
    is_retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTask:
    """A task that a sentence is about."""

    slug: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """One finding of the checks; the first tasks are named, `more` says how many are not.

    parts: where many findings are of one kind, the text sums them up, and these are folded.
    """

    tone: str
    word: str
    icon: str
    text: str
    tasks: tuple[NamedTask, ...] = ()
    more: str = ""
    parts: tuple["ProblemLine", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """headline: "2 errors keep it from being frozen".

    played, tasks: how many of how many were played so far; is_waiting while they are not all.
    """

    tone: str
    headline: str
    lines: tuple[ProblemLine, ...]
    note: str = ""
    played: int = 0
    tasks: int = 0

    @property
    def is_waiting(self) -> bool:
        return self.played < self.tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksPage:
    slug: str
    title: str
    checks: Checks


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    number: int
    url: str
    parts: tuple[SplitPart, ...]
    tasks: str
    splits: str
    notes: str
    changed: str
    frozen_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPage:
    """What the next version of a pack will be.

    only_newer: whether the tasks are narrowed to those with newer revisions. newer: "3 tasks have
    a newer approved revision", "" for none. hidden: held-out tasks that are not listed for this
    person, in words.
    """

    slug: str
    title: str
    description_html: SafeString
    facts: tuple[Fact, ...]
    number: int
    may_change: bool
    count: str
    rows: tuple[PackTaskRow, ...]
    only_newer: bool
    newer: str
    newer_count: int
    hidden: str
    coverage: Coverage | None
    versions: tuple[VersionRow, ...]
    versions_more: str
    pager: Pager | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackForm:
    """What somebody typed of a pack, as it was typed."""

    slug: str = ""
    title: str = ""
    description: str = ""
    licence: str = "proprietary"
    is_for_training: bool = False
    is_exact: bool = False
    sizes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeField:
    name: str
    label: str
    value: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFormPage:
    """heading and button of the form for a new pack or for its settings. then: what is added to a
    new pack once it is made, as a query string."""

    heading: str
    button: str
    url: str
    back_url: str
    is_new: bool
    typed: PackForm
    sizes: tuple[SizeField, ...]
    errors: dict[str, str]
    problems: tuple[Choice, ...]
    slug: str = ""
    title: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRow:
    """An approved task that can be added. chosen: the revision that the pack has, 0 for none."""

    slug: str
    title: str
    url: str
    tags: tuple[str, ...]
    category: str
    difficulty: str
    owner: str
    approved: int
    split: SplitMark | None
    chosen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPage:
    slug: str
    title: str
    rows: tuple[AddRow, ...]
    count: str
    filter: ListFilter
    query: str
    all_label: str
    is_narrowed: bool
    pager: Pager | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutGroup:
    """Tasks that are left out for one reason; the first are named."""

    text: str
    count: str
    names: tuple[str, ...]
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddingPage:
    """What would be added, kept and left out. slugs: what the form sends."""

    slug: str
    title: str
    heading: str
    button: str
    added: tuple[tuple[str, str], ...]
    added_more: str
    kept: str
    left: str
    groups: tuple[LeftOutGroup, ...]
    slugs: str
    back_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePage:
    """What becomes frozen. given: what tasks get their split for life, by split.

    repeats: the newest version, where nothing differs from it.
    """

    slug: str
    title: str
    name: str
    facts: tuple[Fact, ...]
    given: str
    given_parts: tuple[SplitPart, ...]
    held_out: str
    held_out_count: int
    checks: Checks
    can_freeze: bool
    notes: str
    problems: tuple[Choice, ...]
    repeats: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    slug: str
    title: str
    url: str
    category: str
    difficulty: str
    revision: int
    split: SplitMark


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitLine:
    split: str
    word: str
    tasks: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldLine:
    name: str
    url: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """What became of one task between two versions. compare_url: "" where it cannot be looked
    at."""

    task: str
    kind: str
    tone: str
    icon: str
    revisions: str
    parts: tuple[str, ...]
    is_comparable: bool
    why: str
    url: str = ""
    compare_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """since: the versions to choose from; summary: "2 added, 1 changed"."""

    since: tuple[Choice, ...]
    summary: str
    lines: tuple[ChangeLine, ...]
    not_comparable: str
    all_url: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadLine:
    """A format. held_out_url: the same with held-out tasks, "" for those who may not."""

    name: str
    title: str
    purpose: str
    url: str
    size: str = ""
    held_out_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """What is written once and never changes."""

    hash: str
    canary: str
    licence: str
    purpose: str
    frozen_by: str
    at: datetime
    notes: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    slug: str
    number: int
    title: str
    facts: VersionFacts
    figures: tuple[Fact, ...]
    parts: tuple[SplitPart, ...]
    splits: tuple[SplitLine, ...]
    worlds: tuple[WorldLine, ...]
    readme: SafeString
    coverage: Coverage | None
    choices: tuple[Choice, ...]
    rows: tuple[EntryRow, ...]
    not_listed: str
    changes: Changes | None
    downloads: tuple[DownloadLine, ...]
    curl: str
    newest: str = ""
    newest_url: str = ""
    pager: Pager | None = None
