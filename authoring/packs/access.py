"""Who makes and changes packs, and what of them a person may know of."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from authoring.models import Pack, PackEntry, PackTask, PackVersion
from authoring.splits import HELD_OUT
from simulation.roles import ADMIN, PACK_MAKERS, has_role, sees_held_out


def may_make(user: User) -> bool:
    return has_role(user, *PACK_MAKERS)


def may_change_pack(user: User, pack: Pack) -> bool:
    """Tell whether somebody may change a pack: an owner who makes packs, and admins."""
    return (pack.owner_id == user.pk and may_make(user)) or has_role(user, ADMIN)


def changeable_packs(user: User) -> QuerySet[Pack]:
    """Give the packs that a person may change."""
    packs: QuerySet[Pack] = Pack.objects.visible_to(user)
    if has_role(user, ADMIN):
        return packs
    return packs.filter(owner=user) if may_make(user) else packs.none()


def seen_tasks(pack: Pack, by: User) -> QuerySet[PackTask]:
    """Give what is put together, as far as this person may know of it."""
    tasks = PackTask.objects.filter(pack=pack)
    return tasks if sees_held_out(by) else tasks.exclude(task__split=HELD_OUT)


def seen_entries(user: User, version: PackVersion) -> QuerySet[PackEntry]:
    """Give entries of a version, without those that are or were held out for the others."""
    entries = PackEntry.objects.filter(version=version)
    if sees_held_out(user):
        return entries
    return entries.exclude(Q(split=HELD_OUT) | Q(task__split=HELD_OUT))
