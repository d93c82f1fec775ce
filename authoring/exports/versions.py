"""Frozen versions of packs by the name that people write."""

import re

from authoring.models import PackVersion
from simulation.errors import InvalidArgument, NotFound

NAME = re.compile(r"(?P<slug>[-a-zA-Z0-9_]+)(?:@(?P<number>[1-9][0-9]{0,8}))?")


def find_version(name: str) -> PackVersion:
    """Find a version by SLUG, which is the newest, or SLUG@VERSION.

    Raises InvalidArgument for another form, NotFound where there is none.
    """
    found = NAME.fullmatch(name)
    if found is None:
        raise InvalidArgument(f"pack {name!r}: write SLUG or SLUG@VERSION, such as support@1")
    versions = PackVersion.objects.filter(pack__slug=found["slug"]).select_related("pack")
    if found["number"]:
        versions = versions.filter(number=int(found["number"]))
    version: PackVersion | None = versions.order_by("-number").first()
    if version is None:
        raise NotFound(f"there is no frozen version {name!r} of a pack")
    return version
