"""Making a world of a parcel: in one transaction, whole or not at all."""

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction

from simulation.errors import Conflict, Forbidden, Problems
from simulation.models import World
from simulation.portability.parcel import Parcel
from simulation.roles import ADMIN, AUTHOR, has_role
from simulation.values import read_instant
from simulation.versions import hold_slug, next_version
from simulation.worlds import import_entities, publish_world


def check_may_import(user: User | AnonymousUser) -> None:
    """Raises Forbidden that names the roles."""
    if not has_role(user, AUTHOR, ADMIN):
        raise Forbidden("importing a world needs the role author or admin")


@transaction.atomic
def import_parcel(parcel: Parcel, *, owner: User, publish: bool) -> World:
    """Make the world, as a draft or published.

    Raises Problems for a parcel that has some, Conflict for a version that exists.
    """
    if parcel.problems:
        raise Problems(problem_lines(parcel))
    identity = parcel.identity
    hold_slug(identity.slug)
    version = identity.version or next_version(identity.slug)
    if World.objects.filter(slug=identity.slug, version=version).exists():
        raise Conflict(taken(identity.slug, version), field="version")
    world = World(
        slug=identity.slug,
        version=version,
        title=identity.title,
        environment=identity.environment,
        now=read_instant(identity.now),
        agent_employee_id=identity.agent_employee_id,
        prompts=dict(parcel.prompts),
        manifest=parcel.manifest,
        owner=owner,
    )
    world.save(force_insert=True)
    import_entities(world, parcel.entities)
    return publish_world(world) if publish else world


def problem_lines(parcel: Parcel) -> list[str]:
    """Write the problems one a line, and how many more there are."""
    lines = [str(problem) for problem in parcel.problems]
    more = parcel.problem_count - len(lines)
    return [*lines, f"and {more:,} more, at least"] if more else lines


def taken(slug: str, version: int) -> str:
    return (
        f"{slug}@{version} exists and a version never changes: "
        f"write version {next_version(slug)}, or next for the next free one"
    )
