"""What all formats need to write criteria: whole texts, and JSON that is the same every time."""

from collections.abc import Sequence
from typing import Any

import orjson

from authoring.content import DraftContent, DraftCriterion
from simulation.errors import Conflict

_FORM = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def criteria_of(content: DraftContent) -> Sequence[DraftCriterion]:
    """Give criteria that can be written out. Raises Conflict where one says nothing yet."""
    criteria = content.rubric.criteria
    if not criteria:
        raise Conflict("the rubric has no criteria yet: there is nothing to export")
    if blank := [each.key for each in criteria if not each.text.strip()]:
        raise Conflict(f"{', '.join(blank)}: write what must be true first, there is no text yet")
    return criteria


def as_json(value: Any) -> bytes:
    return orjson.dumps(value, option=_FORM)


def as_line(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
