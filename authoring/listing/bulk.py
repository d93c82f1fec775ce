"""Doing one thing to many tasks: what would happen first, and then what did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KeyTransform
from django.http import QueryDict

from authoring.listing.actions import ACTIONS, ROLES_OF_PEOPLE, Action, Wish, offered
from authoring.listing.asked import NOBODY, read_asked
from authoring.listing.people import with_role
from authoring.listing.reading import Tasks, listed, narrowed, read_text
from authoring.models import Revision, Task
from simulation.errors import Forbidden, GymError, InvalidArgument, NotFound
from simulation.text import clean_text

MOST_EACH = 200  # tasks that are saved or submitted one by one in one request
MOST_TOGETHER = 5000
LONGEST_TAG = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    slug: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A task that something is done to; before: what it had, for undoing."""

    slug: str
    title: str
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is or would be done, and what is left out, why."""

    done: tuple[Chosen, ...]
    left: tuple[LeftOut, ...]


def read_wish(user: User, data: QueryDict) -> Wish:
    """Read what is to be done.

    Raises NotFound for an action that is not this person's, InvalidArgument for one without what
    it is done with.
    """
    name = data.get("action", "")
    if name not in offered(user):
        raise NotFound(f"there is no action {name!r} for you")
    match ACTIONS[name].takes:
        case "person":
            person = _person(name, data.get("person", ""))
            return Wish(action=name, by=user, person=person)
        case "tag":
            return Wish(action=name, by=user, tag=read_tag(data.get("tag", "")))
    return Wish(action=name, by=user)


def read_tag(text: str) -> str:
    """Raises InvalidArgument for a text that is no tag."""
    tag = " ".join(clean_text(text)[0].split())
    if not tag or len(tag) > LONGEST_TAG or "," in tag:
        raise InvalidArgument(
            f"write one tag of 1 to {LONGEST_TAG} characters without commas", field="tag"
        )
    return tag


def words_of(wish: Wish) -> str:
    """Say what is done: "Make bob the reviewer of"."""
    if wish.action == "reviewer" and wish.person is None:
        return "Take the reviewer away from"
    return ACTIONS[wish.action].words.format(person=wish.person, tag=wish.tag)


def selected(user: User, data: QueryDict) -> Tasks:
    """Give the tasks that are ticked, or all that the filter finds."""
    tasks = listed(user)
    if data.get("all"):
        return narrowed(tasks, read_asked(QueryDict(data.get("filter", ""))))
    return tasks.filter(slug__in=[*data.getlist("task"), *data.get("tasks", "").split()])


def plan(wish: Wish, tasks: Tasks) -> Result:
    """Say what would happen; nothing is written. What only doing shows is not in it."""
    done, left = _split(wish, list(_described(wish, tasks)))
    return Result(done=tuple(_chosen(wish, each) for each in done), left=tuple(left))


@transaction.atomic
def carry_out(wish: Wish, tasks: Tasks) -> Result:
    """Do it to those tasks that it can be done to. Raises Forbidden without the role for it."""
    action = ACTIONS[wish.action]
    if wish.action not in offered(wish.by):
        raise Forbidden(f"{action.label} needs the role {' or '.join(action.roles)}")
    held = Task.objects.select_for_update().filter(pk__in=tasks.values("pk")).order_by("pk")
    pks = list(held.values_list("pk", flat=True))
    done, left = _split(wish, list(_described(wish, tasks.filter(pk__in=pks))))
    chosen = {each.pk: _chosen(wish, each) for each in done}
    if action.together and done:
        action.together(wish, done)
    elif action.each:
        for task in done:
            if reason := _tried(action.each, wish, task):
                left.append(_left(task, reason))
                del chosen[task.pk]
    return Result(done=tuple(chosen.values()), left=tuple(left))


def _tried(do: Callable[[Wish, Any], object], wish: Wish, task: Any) -> str:
    try:
        with transaction.atomic():
            do(wish, task)
    except GymError as error:
        return " ".join(error.message.splitlines()[:3])
    return ""


def _described(wish: Wish, tasks: Tasks) -> Tasks:
    """Read what obstacles look at; whole contents, which are long, only where they are."""
    newest = Revision.objects.filter(task=OuterRef("pk")).order_by("-number")
    described: Tasks = tasks.select_related("owner", "reviewer", "draft").annotate(
        title=read_text("title"),
        tags=KeyTransform("tags", "read"),
        newest_state=Subquery(newest.values("state")[:1]),
    )
    if not ACTIONS[wish.action].reads_content:
        described = described.defer("draft__content")
    return described.order_by("slug")


def _split(wish: Wish, tasks: Sequence[Any]) -> tuple[list[Any], list[LeftOut]]:
    action = ACTIONS[wish.action]
    most = MOST_EACH if action.each else MOST_TOGETHER
    done: list[Any] = []
    left: list[LeftOut] = []
    for task in tasks:
        reason = _reason(action, wish, task)
        if not reason and len(done) >= most:
            reason = f"is one too many: at most {most} at once"
        if reason:
            left.append(_left(task, reason))
        else:
            done.append(task)
    return done, left


def _reason(action: Action, wish: Wish, task: Any) -> str:
    if not task.sees_draft:
        return f"belongs to {task.owner.get_username()}: only they and admins may"
    return action.obstacle(wish, task)


def _chosen(wish: Wish, task: Any) -> Chosen:
    before = getattr(task, wish.action, None) if wish.action in ROLES_OF_PEOPLE else None
    return Chosen(
        slug=task.slug,
        title=task.title or task.slug,
        before=before.get_username() if before else "",
    )


def _left(task: Any, reason: str) -> LeftOut:
    return LeftOut(slug=task.slug, title=task.title or task.slug, reason=reason)


def _person(action: str, name: str) -> User | None:
    if name == NOBODY and action == "reviewer":
        return None
    if not name:
        raise InvalidArgument("choose a person", field="person")
    roles = ROLES_OF_PEOPLE[action]
    person = with_role(*roles).filter(username=clean_text(name)[0]).first()
    if person is None:
        wanted = " or ".join(roles)
        raise InvalidArgument(f"{name} has not the role {wanted}", field="person")
    return person
