"""Whether a task can go to review, and if not, why."""

from collections.abc import Sequence

from authoring.access import TaskLook
from authoring.lint import Finding


def submit_panel(look: TaskLook, findings: Sequence[Finding]) -> object | None:
    """findings: what lint says of the draft."""
    return None
