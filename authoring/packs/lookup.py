"""Finding packs and versions of an address, among what a person may see."""

from django.contrib.auth.models import User
from django.http import Http404
from django.shortcuts import get_object_or_404

from authoring.models import Pack, PackVersion
from authoring.packs.access import may_change_pack


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
