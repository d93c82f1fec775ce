"""What stands of findings beside a text and on their page, as plain values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Why a finding stays, and who says so."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding. before, words, after: the sentence that it is about; words are marked.

    mend: the label of the button that mends it, "" for none; with mend_url it is a link. may_keep:
    whether this person may say why it stays. typed, problem: a reason that was not taken.
    """

    id: str
    rule: str
    rule_url: str
    severity: str
    place: str
    where: str
    where_url: str
    why: str
    fingerprint: str
    words: str = ""
    before: str = ""
    after: str = ""
    mend: str = ""
    mend_url: str = ""
    may_edit: bool = False
    may_keep: bool = False
    apply_url: str = ""
    keep_url: str = ""
    drop_url: str = ""
    kept: Kept | None = None
    typed: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """The findings of one part of a task, errors first."""

    title: str
    url: str
    lines: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LintPanel:
    """All findings of a task. said: what was just done. more: findings that only the page shows.

    held_back: how many tell of a reference that this person has not asked to see yet.
    """

    errors: int
    warnings: int
    hints: int
    groups: tuple[FindingGroup, ...]
    kept: tuple[FindingLine, ...]
    looked_at: str
    page_url: str
    more: int = 0
    held_back: int = 0
    said: str = ""

    @property
    def is_clean(self) -> bool:
        return not (self.errors or self.warnings or self.hints)


@dataclass(frozen=True, slots=True, kw_only=True)
class LintPage:
    """The findings of a draft or of a revision, in full."""

    title: str
    slug: str
    subject: str
    task_url: str
    panel: LintPanel
    problem: FindingLine | None = None
