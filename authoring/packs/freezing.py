"""Freezing a version of a pack."""

from django.contrib.auth.models import User

from authoring.models import Pack, PackVersion


def freeze_pack(pack: Pack, *, by: User, notes: str = "") -> PackVersion:
    """Freeze what is put together as the next version; its tasks get their splits for life.

    Raises Forbidden for others than its owner and admins, Problems where a check is an error,
    Conflict when it would equal the newest version.
    """
    raise NotImplementedError
