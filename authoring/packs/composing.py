"""Putting the next version of a pack together."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from authoring.listing.asked import Asked
from authoring.listing.reading import listed, narrowed
from authoring.models import Pack, PackTask, Revision, Task
from authoring.packs.access import may_change_pack, may_make, seen_tasks
from authoring.packs.members import new_members, read_slug
from authoring.splits import HELD_OUT
from simulation.errors import Conflict, Forbidden, InvalidArgument
from simulation.roles import PACK_MAKERS, sees_held_out

MOST = 5000  # tasks that are named at once
UNKNOWN = "there is no such task, or it is not yours to see"
UNAPPROVED = "it has no approved revision"
RETIRED = "it is retired"


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A task that was asked for and is not added, and why."""

    task: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Added:
    """What adding did. added: slugs; kept: slugs that were there before."""

    added: tuple[str, ...]
    kept: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, kw_only=True)
class Newer:
    """A task of a pack that has a newer approved revision than the one chosen."""

    task: str
    chosen: int
    approved: int


@transaction.atomic
def create_pack(*, slug: str, title: str, by: User, **members: Any) -> Pack:
    """Make an empty pack with a canary of its own.

    members: description, licence, is_for_training, sizes. Raises Forbidden for others than
    PACK_MAKERS, Conflict for a slug that is taken, Problems for bad values.
    """
    if not may_make(by):
        raise Forbidden(f"to make a pack needs the role {' or '.join(PACK_MAKERS)}")
    values = new_members({"title": title, **members})
    try:
        with transaction.atomic():
            return Pack.objects.create(
                slug=read_slug(slug), canary=new_canary(), owner=by, **values
            )
    except IntegrityError:
        raise Conflict(
            f"there is a pack {slug} already: choose another name", field="slug"
        ) from None


def new_canary() -> str:
    """Give a text that is nowhere else in the world."""
    return f"enterprisegym-canary {uuid.uuid4()}"


@transaction.atomic
def change_pack(pack: Pack, members: Mapping[str, Any], *, by: User) -> Pack:
    """Change title, description, licence, is_for_training or sizes.

    Raises Forbidden for others than its owner and admins, Problems for bad values.
    """
    held = hold_pack(pack, by=by)
    values = new_members(members, before=held)
    Pack.objects.filter(pk=held.pk).update(updated_at=timezone.now(), **values)
    held.refresh_from_db()
    return held


def hold_pack(pack: Pack, *, by: User) -> Pack:
    """Lock a pack that is about to be changed. Raises Forbidden for those who may not."""
    if not may_change_pack(by, pack):
        raise Forbidden(f"{pack}: only its owner and admins change it")
    held: Pack = Pack.objects.select_for_update().get(pk=pack.pk)
    return held


def matching(user: User, asked: Asked) -> Collection[Task]:
    """Give the approved tasks that the filter of the list of tasks finds, as this person sees them:
    none that is retired, none held out for those who may not see it.

    Category, difficulty, tag and words are those of the approved revision, which a pack would get.
    """
    approved = Revision.objects.filter(task=OuterRef("pk"), state=Revision.State.APPROVED)
    tasks = listed(user).filter(Exists(approved), is_retired=False)
    tasks = tasks.alias(read=Subquery(approved.values("content")[:1]))
    if not sees_held_out(user):
        tasks = tasks.exclude(split=HELD_OUT)
    return list(narrowed(tasks, asked).order_by("slug"))


@transaction.atomic
def add_tasks(pack: Pack, slugs: Collection[str], *, by: User) -> Added:
    """Add tasks with their approved revisions; says what was left out and why."""
    held, wanted = hold_pack(pack, by=by), _wanted(slugs)
    approved = Revision.objects.filter(task=OuterRef("pk"), state=Revision.State.APPROVED)
    among = _seen(Task.objects.visible_to(by), by).filter(slug__in=wanted)
    found = {task.slug: task for task in among.annotate(approved_id=approved.values("pk")[:1])}
    there = set(held.tasks.filter(task__slug__in=found).values_list("task__slug", flat=True))
    why = {slug: _obstacle(found.get(slug)) for slug in wanted if slug not in there}
    new = [found[slug] for slug, reason in why.items() if not reason]
    PackTask.objects.bulk_create(
        PackTask(pack=held, task=task, revision_id=task.approved_id, added_by=by) for task in new
    )
    _touch(held, bool(new))
    return Added(
        added=tuple(task.slug for task in new),
        kept=tuple(slug for slug in wanted if slug in there),
        left_out=tuple(LeftOut(task=slug, why=reason) for slug, reason in why.items() if reason),
    )


@transaction.atomic
def remove_tasks(pack: Pack, slugs: Collection[str], *, by: User) -> int:
    """Take tasks out of the next version; gives how many were there."""
    held = hold_pack(pack, by=by)
    removed, _ = seen_tasks(held, by).filter(task__slug__in=_wanted(slugs)).delete()
    _touch(held, bool(removed))
    return removed


def newer_revisions(pack: Pack, *, by: User) -> list[Newer]:
    """Name the tasks that have a newer approved revision."""
    found = _outdated(seen_tasks(pack, by)).order_by("task__slug")
    columns = found.values_list("task__slug", "revision__number", "approved_number")
    return [Newer(task=slug, chosen=old, approved=new) for slug, old, new in columns]


@transaction.atomic
def take_newer(pack: Pack, *, by: User, slugs: Collection[str] | None = None) -> int:
    """Choose the approved revisions of these tasks, or of all; gives how many changed."""
    held = hold_pack(pack, by=by)
    outdated = _outdated(seen_tasks(held, by))
    if slugs is not None:
        outdated = outdated.filter(task__slug__in=_wanted(slugs))
    chosen = PackTask.objects.filter(pk__in=list(outdated.values_list("pk", flat=True)))
    changed = chosen.update(revision_id=_approved("pk"))
    _touch(held, bool(changed))
    return changed


def _outdated(tasks: "QuerySet[PackTask]") -> "QuerySet[Any]":
    known: QuerySet[Any] = tasks.annotate(approved_number=_approved("number"))
    return known.filter(~Q(revision__state=Revision.State.APPROVED), approved_number__isnull=False)


def _approved(column: str) -> Subquery:
    approved = Revision.objects.filter(task=OuterRef("task"), state=Revision.State.APPROVED)
    return Subquery(approved.values(column)[:1])


def _seen(tasks: Any, by: User) -> Any:
    return tasks if sees_held_out(by) else tasks.exclude(split=HELD_OUT)


def _wanted(slugs: Collection[str]) -> list[str]:
    wanted = list(dict.fromkeys(slugs))
    if len(wanted) > MOST:
        raise InvalidArgument(f"{len(wanted)} tasks at once are too many: at most {MOST}")
    return wanted


def _obstacle(task: Any | None) -> str:
    if task is None:
        return UNKNOWN
    if task.approved_id is None:
        return UNAPPROVED
    return RETIRED if task.is_retired else ""


def _touch(pack: Pack, is_changed: bool) -> None:
    if is_changed:
        Pack.objects.filter(pk=pack.pk).update(updated_at=timezone.now())
