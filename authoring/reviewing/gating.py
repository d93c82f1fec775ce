"""What stands against a task, remembered for a minute: pages ask it again and again.

Gates play agents in memory. What they say follows from the content and from its world, which never
changes; that a judge was set up meanwhile is noticed a minute later.
"""

import time
from collections.abc import Callable, Sequence
from functools import lru_cache

from authoring.content import DraftContent, TaskContent
from authoring.drafts.cutting import complete_content
from authoring.gates import problems_of, warnings_of
from simulation.errors import GymError

MINUTE = 60


def content_problems(content: DraftContent) -> Sequence[str]:
    """Name what a draft lacks for being a whole task of its world."""
    return _incomplete(content.model_dump_json(), _now())


def gate_problems(content: DraftContent) -> Sequence[str]:
    """Name everything that stands against a whole task, as approval will."""
    return _problems(content.model_dump_json(), _now())


def gate_warnings(content: DraftContent) -> Sequence[str]:
    return _warnings(content.model_dump_json(), _now())


def fresh_problems(content: TaskContent) -> list[str]:
    """Pass the gates anew."""
    return _lines(lambda: problems_of(content))


def _now() -> int:
    return int(time.monotonic() // MINUTE)


@lru_cache(maxsize=128)
def _incomplete(encoded: str, _minute: int) -> tuple[str, ...]:
    draft = DraftContent.model_validate_json(encoded)

    def check() -> list[str]:
        complete_content(draft)
        return []

    return tuple(_lines(check))


@lru_cache(maxsize=128)
def _problems(encoded: str, _minute: int) -> tuple[str, ...]:
    return tuple(_lines(lambda: problems_of(TaskContent.model_validate_json(encoded))))


@lru_cache(maxsize=128)
def _warnings(encoded: str, _minute: int) -> tuple[str, ...]:
    return tuple(_lines(lambda: warnings_of(TaskContent.model_validate_json(encoded))))


def _lines(check: Callable[[], list[str]]) -> list[str]:
    try:
        return check()
    except GymError as error:
        return error.message.splitlines()
