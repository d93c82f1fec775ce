"""Findings as they stand beside the text: why, what would mend it, and "keep, because …"."""

from collections.abc import Sequence

from authoring.access import TaskLook
from authoring.lint import Finding


def lint_panel(look: TaskLook, findings: Sequence[Finding]) -> object | None:
    return None
