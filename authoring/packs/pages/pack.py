"""What the page of a pack shows: its next version."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from authoring.packs.coverage import Coverage, SplitPart
from simulation.pages import Fact, Pager


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
