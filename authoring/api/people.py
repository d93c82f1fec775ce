"""Giving a task to people, and its tags: by the actions of the list of tasks."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, QueryDict

from authoring.access import TaskLook
from authoring.drafts.saving import change
from authoring.listing.asked import NOBODY
from authoring.listing.bulk import carry_out, read_tag, read_wish
from authoring.listing.reading import listed
from simulation.errors import Conflict, InvalidArgument, Problems


@transaction.atomic
def change_people(look: TaskLook, sent: Mapping[str, Any]) -> None:
    """Do all that was asked of one task, or nothing.

    Raises Problems for people who cannot, Conflict where the task does not allow it, NotFound for
    an action that is not this person's, Http404 for tags of a task that is not theirs to change.
    """
    if not look.sees_draft:
        raise Http404
    if "tags" in sent:
        _set_tags(look, sent["tags"])
    # a reviewer who becomes the owner, or the other way round, works out in one order only
    reasons = [*_give(look, "reviewer", sent), *_give(look, "owner", sent)]
    if reasons:
        raise Conflict("\n".join(reasons))


def _give(look: TaskLook, action: str, sent: Mapping[str, Any]) -> Iterator[str]:
    """Give the reasons why it cannot be."""
    if action not in sent:
        return
    name, now = sent[action], getattr(look.task, action)
    if (now.get_username() if now else None) == name:
        return
    data = QueryDict(urlencode({"action": action, "person": name or NOBODY}))
    try:
        wish = read_wish(look.user, data)
    except InvalidArgument as error:
        raise InvalidArgument(error.message, field=action) from None
    result = carry_out(wish, listed(look.user).filter(pk=look.task.pk))
    yield from (f"{action}: {look.task} {left.reason}" for left in result.left)


def _set_tags(look: TaskLook, sent: list[str]) -> None:
    if not look.may_edit:
        raise Http404
    tags, problems = [], []
    for number, text in enumerate(sent, start=1):
        try:
            tags.append(read_tag(text))
        except InvalidArgument as error:
            problems.append(f"tags {number}: {error.message}")
    if problems:
        raise Problems(problems)
    wanted = list(dict.fromkeys(tags))
    change(look.task, lambda document: {**document, "tags": wanted}, by=look.user)
