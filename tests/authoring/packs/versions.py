"""Frozen versions as plain rows, where it does not matter what is in them."""

from typing import Any

from django.contrib.auth.models import User

from authoring.models import Pack, PackVersion


def make_version(owner: User, slug: str = "empty", **fields: Any) -> PackVersion:
    """Make a pack and a version of it without any entries."""
    said = {"title": slug, "licence": "proprietary", "canary": f"canary of {slug}"}
    pack, _ = Pack.objects.get_or_create(slug=slug, defaults={"owner": owner, **said})
    given = {"number": 1, "hash": "0" * 64, "splits": {}, "worlds": [], **said, **fields}
    return PackVersion.objects.create(pack=pack, frozen_by=owner, **given)
