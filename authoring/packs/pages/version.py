"""What the page of a frozen version shows."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from authoring.packs.coverage import Coverage, SplitPart
from authoring.packs.pages.pack import SplitMark
from simulation.pages import Choice, Fact, Pager


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
