"""What the frame of the editor shows, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authoring.content import DraftContent
from authoring.lint import Finding
from authoring.listing.single import TaskAction
from authoring.models import Draft
from simulation.pages import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One line of the outline: "Rubric", with what is in it and what lint says of it."""

    name: str
    label: str
    url: str
    count: str = ""
    errors: int = 0
    warnings: int = 0
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorTab:
    name: str
    label: str
    url: str
    count: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector:
    """The right column: one of its panels is open; `template` shows `panel`."""

    tabs: tuple[InspectorTab, ...]
    template: str = ""
    panel: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveState:
    """When the draft was saved last, and by whom; `here` are the others who have it open."""

    version: int
    saved_at: datetime
    saved_by: str
    here: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorFrame:
    """slug, title and state of the task; `save` is None where nobody edits here.

    findings: all that lint finds.
    strip: what the last dry run gave, see dry_runs.strip; None where it is not for this person.
    submit: whether it can go to review, see reviewing.submitting; None where it is not theirs.
    """

    slug: str
    tab: str
    title: str
    mark: Mark
    subject: str
    url: str
    may_edit: bool
    sees_rubric: bool
    tabs: tuple[Tab, ...]
    inspector: Inspector
    save: SaveState | None = None
    strip: Any = None
    submit: Any = None
    actions: tuple[TaskAction, ...] = ()
    content: DraftContent
    draft: Draft | None = None
    findings: tuple[Finding, ...] = ()
