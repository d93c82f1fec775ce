"""What machines say against a task, as lines that pages show."""

import time
from collections.abc import Callable, Sequence
from functools import lru_cache

from authoring.content import DraftContent
from authoring.drafts.cutting import complete_content
from authoring.dry_runs.decisions import decision_problems
from authoring.gates import problems_of, warnings_of
from authoring.models import Revision
from simulation.errors import GymError

MINUTE = 60


def content_problems(content: DraftContent) -> Sequence[str]:
    """Name what a draft lacks for being a whole task of its world.

    It is remembered for a minute, because the editor asks after each save; worlds that are
    published meanwhile are noticed then.
    """
    return _incomplete(content.model_dump_json(), int(time.monotonic() // MINUTE))


def trial_problems(revision: Revision) -> list[str]:
    """Name what playing a revision shows against it, and what people have not decided yet."""
    content = revision.value
    return _lines(lambda: [*problems_of(content), *decision_problems(revision, content)])


def trial_warnings(revision: Revision) -> list[str]:
    """Name what a reviewer should look at in what playing a revision shows."""
    return _lines(lambda: warnings_of(revision.value))


@lru_cache(maxsize=128)
def _incomplete(encoded: str, _minute: int) -> tuple[str, ...]:
    draft = DraftContent.model_validate_json(encoded)

    def check() -> list[str]:
        complete_content(draft)
        return []

    return tuple(_lines(check))


def _lines(check: Callable[[], list[str]]) -> list[str]:
    try:
        return check()
    except GymError as error:
        return error.message.splitlines()
