"""What the pages of bringing a bundle in show."""

from dataclasses import dataclass

from simulation.pages import Fact, Mark, Notice
from simulation.portability.page import ProblemGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseBundlePage:
    """Where the file is chosen; `error` says what was wrong with the one that was."""

    limits: tuple[Fact, ...]
    largest: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleTaskRow:
    """A task as it would be here. url: of the task that is here, "" for none."""

    slug: str
    title: str
    revision: str
    split: str
    mark: Mark
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleWorldRow:
    name: str
    mark: Mark
    rows: str
    hash: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlePage:
    """What an upload would become. may_approve: whether this person may take over approvals.

    can_import: nothing stands against it. slug: what the pack will be called here.
    """

    title: str
    name: str
    mark: Mark
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...]
    groups: tuple[ProblemGroup, ...]
    more: str
    worlds: tuple[BundleWorldRow, ...]
    tasks: tuple[BundleTaskRow, ...]
    more_tasks: str
    splits: str
    notes: tuple[ProblemGroup, ...]
    ignored: tuple[str, ...]
    slug: str
    slug_error: str
    may_approve: bool
    can_import: bool
    can_approve: bool
