"""Finding packs and versions of an address, among what a person may see, and who changes them."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from authoring.models import Pack, PackEntry, PackVersion
from authoring.packs.composing import may_change_pack
from authoring.splits import HELD_OUT
from simulation.roles import ADMIN, PACK_MAKERS, has_role, sees_held_out


def visible_pack(user: User, slug: str) -> Pack:
    """Raises Http404 for one that this person may not see."""
    packs = Pack.objects.visible_to(user).select_related("owner")
    pack: Pack = get_object_or_404(packs, slug=slug)
    return pack


def own_pack(user: User, slug: str) -> Pack:
    """Give a pack that this person may change. Raises Http404."""
    pack = visible_pack(user, slug)
    if not may_change_pack(user, pack):
        raise Http404
    return pack


def visible_version(user: User, slug: str, number: int) -> PackVersion:
    """Raises Http404 for one that this person may not see."""
    versions = PackVersion.objects.visible_to(user).select_related("pack", "frozen_by")
    version: PackVersion = get_object_or_404(versions, pack__slug=slug, number=number)
    return version


def may_make(user: User) -> bool:
    return has_role(user, *PACK_MAKERS)


def changeable_packs(user: User) -> QuerySet[Pack]:
    """Give the packs that a person may change."""
    packs: QuerySet[Pack] = Pack.objects.visible_to(user)
    if has_role(user, ADMIN):
        return packs
    return packs.filter(owner=user) if may_make(user) else packs.none()


def seen_entries(user: User, version: PackVersion) -> QuerySet[PackEntry]:
    """Give entries of a version, without those that are or were held out for the others."""
    entries = PackEntry.objects.filter(version=version)
    if sees_held_out(user):
        return entries
    return entries.exclude(Q(split=HELD_OUT) | Q(task__split=HELD_OUT))
