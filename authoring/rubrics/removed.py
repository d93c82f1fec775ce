"""A criterion that was removed, kept for its person so that it can be put back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from authoring.access import TaskLook

_KEPT = "removed_criteria"
MOST = 20  # tasks of which one session keeps a criterion


@dataclass(frozen=True, slots=True)
class Removed:
    """place: counted from 1."""

    criterion: Mapping[str, Any]
    place: int


def keep_removed(request: HttpRequest, slug: str, removed: Removed) -> None:
    kept = dict(request.session.get(_KEPT, {}))
    kept.pop(slug, None)
    kept[slug] = [dict(removed.criterion), removed.place]
    request.session[_KEPT] = dict(list(kept.items())[-MOST:])


def kept_removed(request: HttpRequest, slug: str) -> Removed | None:
    found = request.session.get(_KEPT, {}).get(slug)
    return Removed(*found) if found else None


def forget_removed(request: HttpRequest, slug: str) -> None:
    kept = dict(request.session.get(_KEPT, {}))
    kept.pop(slug, None)
    request.session[_KEPT] = kept


def removed_from(request: HttpRequest, look: TaskLook, key: str) -> str:
    """Give the text of the criterion that was just removed, "" when there is none to put back."""
    found = kept_removed(request, look.task.slug) if key and look.may_edit else None
    if found is None or found.criterion["key"] != key:
        return ""
    return str(found.criterion["text"]) or key
