"""Which tasks name a row of a world, and where: in who asks, setup, prompt, solution or rubric."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, TextField, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from authoring.models import Draft, Revision, Task
from authoring.states import MARKS, with_state
from simulation.browser.links import Links, RowLink
from simulation.pages import Mark
from simulation.roles import ADMIN, AUTHOR, REVIEWER, TASK_READERS, has_role

MOST = 200
# what of a task's content names rows, in the order and the words of the page
PLACES = (
    ("asker", "who asks"),
    ("prompt", "prompt"),
    ("setup", "setup"),
    ("reference", "reference solution"),
    ("near_misses", "near misses"),
    ("rubric", "rubric"),
)
OPEN_PLACES = frozenset({"asker", "prompt"})  # what everybody may know who may see the task


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskUse:
    """A task that names the row. `world` is "" when it is the one that is looked at,
    `strength_url` for those who may not read its rubric."""

    slug: str
    url: str
    title: str
    mark: Mark
    places: str
    world: str
    strength_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesPage:
    """`add_url` leads those who write tasks to adding the row to one; drafts have none."""

    row: RowLink
    world: str
    world_url: str
    uses: tuple[TaskUse, ...]
    add_url: str = ""


def uses_page(user: User, links: Links, entity_type: str, key: str) -> UsesPage:
    return UsesPage(
        row=links.row(entity_type, key),
        world=str(links.world),
        world_url=links.base,
        uses=tuple(_uses(user, links, key)),
        add_url=_add_url(user, links, entity_type, key),
    )


def _add_url(user: User, links: Links, entity_type: str, key: str) -> str:
    is_hidden = links.is_hidden(entity_type, key)
    if links.world.is_draft or is_hidden or not has_role(user, AUTHOR, ADMIN):
        return ""
    asked = urlencode({"world": str(links.world), "row": f"@{entity_type}:{key}"})
    return f"{reverse('add_row:choose')}?{asked}"


def _uses(user: User, links: Links, key: str) -> Iterator[TaskUse]:
    is_trusted = has_role(user, *TASK_READERS)
    for task in _candidates(user, key)[:MOST]:
        content = task.read_content
        slug = str(content.get("world", "")).partition("@")[0]
        may_read = is_trusted or task.owner_id == user.pk
        places = [*_places(content, key, is_trusted=may_read)]
        if places and slug == links.world.slug:
            yield TaskUse(
                slug=task.slug,
                url=reverse("editor:prompt", args=[task.slug]),
                title=str(content.get("title", "")),
                mark=MARKS[task.state],
                places=", ".join(places),
                world="" if content["world"] == str(links.world) else content["world"],
                strength_url=reverse("strength:page", args=[task.slug]) if may_read else "",
            )


def _candidates(user: User, key: str) -> QuerySet[Any]:
    """Give tasks whose text has the id, by one query, with the content that the person may read:
    the draft for its owner, reviewers and admins, else the approved revision."""
    approved = Revision.objects.filter(task=OuterRef("pk"), state=Revision.State.APPROVED)
    latest = Revision.objects.filter(task=OuterRef("pk")).order_by("-number")
    drafts = Draft.objects.filter(task=OuterRef("pk"))
    sees_all = has_role(user, REVIEWER, ADMIN)
    visible = with_state(Task.objects.visible_to(user), unseen=None if sees_all else ~Q(owner=user))
    tasks = visible.annotate(
        approved_content=Subquery(approved.values("content")[:1]),
        newest_content=Coalesce(
            Subquery(drafts.values("content")[:1]), Subquery(latest.values("content")[:1])
        ),
    )
    content: F | Case = F("newest_content")
    if not sees_all:
        content = Case(When(owner=user, then=content), default=F("approved_content"))
    written = json.dumps(key, ensure_ascii=False)[1:-1]
    read: QuerySet[Any] = tasks.annotate(read_content=content)
    texts: QuerySet[Any] = read.annotate(words=Cast("read_content", TextField()))
    return texts.filter(words__contains=written)


def _places(content: Mapping[str, Any], key: str, *, is_trusted: bool) -> Iterator[str]:
    names = _naming(key)
    for name, words in PLACES:
        if (is_trusted or name in OPEN_PLACES) and any(map(names, _texts(content.get(name)))):
            yield words


def _naming(key: str) -> Callable[[str], bool]:
    """Make the test whether a text is the id or, unless that is a plain word, has it inside."""
    if re.fullmatch(r"[^\W\d_]+", key):
        return lambda text: text == key
    inside = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])")
    return lambda text: inside.search(text) is not None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
