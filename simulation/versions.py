"""Versions of a world: which number is next, and the copy that a new version begins as."""

import zlib

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction

from simulation.models import World
from simulation.numbering import hold, next_number
from simulation.roles import ADMIN, AUTHOR, has_role
from simulation.worlds import import_entities, world_document


def next_version(slug: str) -> int:
    """Give the number after the highest one. Hold the slug while it is used."""
    return next_number(World.objects.filter(slug=slug), "version")


def hold_slug(slug: str) -> None:
    """Let nobody else number versions of a slug until this transaction ends."""
    hold(_LOCKS, _signed(slug))


def may_copy(user: User | AnonymousUser) -> bool:
    """Tell whether a person may begin a new version of a world that they see."""
    return has_role(user, AUTHOR, ADMIN)


@transaction.atomic
def copy_world(world: World, owner: User) -> World:
    """Begin the next version of a published world or a draft: a draft with the same content.

    Raises Problems for a draft whose rows an import would refuse.
    """
    document = world_document(world)
    hold_slug(world.slug)
    copy = World(
        slug=world.slug,
        version=next_version(world.slug),
        environment=world.environment,
        title=world.title,
        now=world.now,
        agent_employee_id=world.agent_employee_id,
        prompts=world.prompts,
        manifest=world.manifest,
        parent=world,
        owner=owner,
    )
    copy.save(force_insert=True)
    import_entities(copy, document["entities"])
    return copy


_LOCKS = zlib.crc32(b"versions of worlds") - 2**31  # a class of advisory locks of our own


def _signed(slug: str) -> int:
    return zlib.crc32(slug.encode()) - 2**31
