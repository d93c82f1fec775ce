"""Findings as they stand beside the text: why, what would mend it, and "keep, because …"."""

from collections.abc import Sequence

from authoring.access import TaskLook
from authoring.lint import Finding


def lint_panel(look: TaskLook, findings: Sequence[Finding]) -> object | None:
    """All findings of a task, by place, for the column beside the text."""
    return None


def findings_at(look: TaskLook, findings: Sequence[Finding], place: str) -> tuple[object, ...]:
    """The findings at one place, to stand below it: shown by authoring/partials/findings.html."""
    return ()
