"""Why a draft cannot be tried yet: each reason with the tab where it is mended."""

import re
from collections.abc import Iterator

from django.urls import reverse

from authoring.access import TaskLook
from authoring.dry_runs.pages import Blocked
from simulation.errors import GymError, Problems

_WORD = re.compile(r"[a-z_]+")
TABS = {
    "rubric": ("rubric:page", "Rubric"),
    "setup": ("setup:page", "Setup"),
    "reference": ("reference:page", "Reference"),
    "near_misses": ("reference:page", "Reference"),
    "customer": ("customer:page", "Customer"),
}
PROMPT = ("editor:prompt", "Prompt")


def blocked_by(look: TaskLook, error: GymError) -> tuple[Blocked, ...]:
    """error: Problems whose lines begin with the field that they are about; others, such as a judge
    that is retired, are about no tab."""
    if not isinstance(error, Problems):
        return (Blocked(text=error.message),)
    return tuple(_blocked(look, error))


def _blocked(look: TaskLook, error: GymError) -> Iterator[Blocked]:
    for line in error.message.splitlines():
        found = _WORD.match(line)
        address, tab = TABS.get(found[0] if found else "", PROMPT)
        if address == "customer:page" and look.content.mode != "conversation":
            address, tab = PROMPT
        yield Blocked(text=line, url=reverse(address, args=[look.task.slug]), tab=tab)
