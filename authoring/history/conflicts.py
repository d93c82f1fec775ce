"""The screen of a conflict: what two people wrote, side by side, and which of it shall stay.

Its form carries everything that was to be saved, so that nothing is lost whatever is chosen.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from authoring.access import TaskLook
from authoring.drafts.document import fingerprint
from authoring.drafts.saving import Clash, DraftConflict, Edit
from authoring.history.differences import ItemDifference, compare_values
from simulation.errors import InvalidArgument
from simulation.wording import spoken

MINE, THEIRS = "mine", "theirs"
MOST = 50  # parts of one form
_TABS = {"setup": "setup", "reference": "reference", "near_misses": "reference", "rubric": "rubric"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClashRow:
    """One part that two people changed. `text` is what I wrote where it is a text to be edited.

    mine, theirs: both in words, where they are no texts.
    """

    number: int
    path: str
    title: str
    difference: ItemDifference
    is_text: bool
    text: str
    theirs_text: str
    value: str
    base: str
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A part that was to be saved as well and that nobody else changed."""

    number: int
    path: str
    value: str
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage:
    title: str
    who: str
    at: datetime
    rows: tuple[ClashRow, ...]
    carried: tuple[Carried, ...]
    resolve_url: str
    back_url: str


def conflict_page(request: HttpRequest, look: TaskLook, conflict: DraftConflict) -> HttpResponse:
    """Show both sides of every part; nothing was saved, and nothing is lost."""
    page = _page(look, conflict)
    return render(request, "authoring/conflict.html", {"page": page}, status=409)


def read_choices(sent: QueryDict) -> list[Edit]:
    """Give the edits that a form of this screen asks for: whatever shall not be theirs.

    Raises InvalidArgument for what is no such form.
    """
    return list(_choices(sent))


def place_url(look: TaskLook, path: str) -> str:
    """Give the tab on which a part is edited."""
    name = path.partition("/")[0]
    tab = _TABS.get(name) or ("customer" if name == "customer" else "")
    address = f"{tab}:page" if tab else "editor:prompt"
    return reverse(address, args=[look.task.slug])


def _page(look: TaskLook, conflict: DraftConflict) -> ConflictPage:
    clashing = {clash.path for clash in conflict.clashes}
    others = [edit for edit in conflict.edits if edit.path not in clashing]
    rows = tuple(_row(n, clash) for n, clash in enumerate(conflict.clashes))
    carried = tuple(
        Carried(number=n, path=edit.path, value=json.dumps(edit.value), base=edit.base)
        for n, edit in enumerate(others, start=len(rows))
    )
    return ConflictPage(
        title=look.content.title or look.task.slug,
        who=conflict.draft.updated_by.get_username(),
        at=conflict.draft.updated_at,
        rows=rows,
        carried=carried,
        resolve_url=reverse("history:resolve", args=[look.task.slug]),
        back_url=place_url(look, conflict.clashes[0].path),
    )


def _row(number: int, clash: Clash) -> ClashRow:
    is_text = isinstance(clash.mine, str) and isinstance(clash.theirs, str)
    return ClashRow(
        number=number,
        path=clash.path,
        title=spoken(clash.path.replace("/", " ")),
        difference=compare_values(clash.path, clash.theirs, clash.mine),
        is_text=is_text,
        text=clash.mine if is_text else "",
        theirs_text=clash.theirs if is_text else "",
        value=json.dumps(clash.mine, ensure_ascii=False),
        base=fingerprint(clash.theirs),
        is_gone=clash.theirs is None,
    )


def _choices(sent: QueryDict) -> Iterator[Edit]:
    for number in range(MOST):
        path = sent.get(f"path-{number}")
        if path is None:
            return
        if sent.get(f"pick-{number}", MINE) == MINE:
            base = sent.get(f"base-{number}", "")
            yield Edit(path=path, value=_value(sent, number), base=base)


def _value(sent: QueryDict, number: int) -> Any:
    text = sent.get(f"text-{number}")
    if text is not None:
        return text.replace("\r\n", "\n")
    try:
        return json.loads(sent.get(f"value-{number}", ""))
    except (ValueError, RecursionError):
        raise InvalidArgument("this is no form of ours: go back and send it again") from None
