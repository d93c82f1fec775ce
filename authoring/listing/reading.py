"""The tasks of a list, as one person may read them: every filter works on what they see."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Lower, NullIf

from authoring.access import unseen_drafts, visible_tasks
from authoring.listing.asked import NOBODY, Asked
from authoring.models import Revision
from authoring.states import with_state

Tasks = QuerySet[Any]


def listed(user: User) -> Tasks:
    """Give the tasks that a person may know of, with what they may read of each.

    Annotations: `sees_draft`, `state`; aliases: `read` (the draft, or the approved revision) and
    `changed` (when that was written).
    """
    unseen = unseen_drafts(user)
    tasks = with_state(visible_tasks(user), unseen=unseen)
    approved = Revision.objects.filter(task=OuterRef("pk"), state=Revision.State.APPROVED)
    content: Combinable = F("draft__content")
    changed: Combinable = F("draft__updated_at")
    sees: Combinable = Value(True)
    if unseen is not None:
        content = Case(
            When(unseen, then=Subquery(approved.values("content")[:1])),
            default=content,
            output_field=JSONField(),
        )
        since = Subquery(approved.values("created_at")[:1])
        changed = Case(When(unseen, then=since), default=changed)
        sees = ExpressionWrapper(~unseen, output_field=BooleanField())
    read: Tasks = tasks.alias(read=content, changed=changed).annotate(sees_draft=sees)
    return read


def narrowed(tasks: Tasks, asked: Asked, *, of_any_state: bool = False) -> Tasks:
    """Keep what an address asks for. of_any_state: whatever it says of states."""
    if asked.state and not of_any_state:
        tasks = tasks.filter(state=asked.state)
    if asked.owner:
        tasks = tasks.filter(owner__username=asked.owner)
    for name in ("category", "difficulty"):
        if value := getattr(asked, name):
            tasks = tasks.alias(**{name: read_text(name)}).filter(**{name: value})
    if asked.tag:
        tags = KeyTransform("tags", "read")
        tasks = tasks.alias(tags=tags).filter(tags__contains=[asked.tag])
    return _searched(_of_drafts(tasks, asked), asked.q)


def _of_drafts(tasks: Tasks, asked: Asked) -> Tasks:
    """Keep what is asked of drafts: nobody learns by a filter what they do not see."""
    if asked.reviewer:
        chosen = (
            Q(reviewer__isnull=True)
            if asked.reviewer == NOBODY
            else Q(reviewer__username=asked.reviewer)
        )
        tasks = tasks.filter(chosen, sees_draft=True)
    if asked.lint:
        counts = {name: found(name) for name in ("errors", "warnings")}
        wanted = {
            "errors": Q(errors__gt=0),
            "warnings": Q(warnings__gt=0),
            "clean": Q(errors=0, warnings=0),
        }[asked.lint]
        tasks = tasks.alias(**counts).filter(wanted, sees_draft=True)
    return tasks


def _searched(tasks: Tasks, words: str) -> Tasks:
    """Keep tasks with every word in slug, title or prompt."""
    if not words:
        return tasks
    tasks = tasks.alias(words_title=read_text("title"), words_prompt=read_text("prompt"))
    for word in words.split()[:10]:
        tasks = tasks.filter(
            Q(slug__icontains=word)
            | Q(words_title__icontains=word)
            | Q(words_prompt__icontains=word)
        )
    return tasks


def ordered(tasks: Tasks, sort: str) -> Tasks:
    name = sort.removeprefix("-")
    keys: dict[str, Any] = {
        "changed": F("changed"),
        "title": Coalesce(NullIf(Lower(read_text("title")), Value("")), F("slug")),
        "owner": Lower("owner__username"),
        "state": Case(*(When(state=s, then=Value(n)) for n, s in enumerate(ORDER))),
        "errors": Case(When(sees_draft=True, then=found("errors"))),
    }
    key = keys[name]
    is_down = sort.startswith("-")
    ordering = key.desc(nulls_last=True) if is_down else key.asc(nulls_last=True)
    return tasks.order_by(ordering, "slug")


ORDER = ("changes_requested", "in_review", "draft", "ahead", "approved", "retired")


def read_text(name: str) -> Any:
    """Give a text field of what the person reads."""
    return KeyTextTransform(name, "read")


def found(name: str) -> Any:
    """Give how many errors, warnings or hints lint counted at the last save, null before."""
    return Cast(KeyTextTransform(name, "draft__findings"), IntegerField())
