"""Who may bring a bundle in, and with what."""

from django.contrib.auth.models import AnonymousUser, User

from authoring.bundles.bundle import Bundle
from authoring.splits import HELD_OUT
from simulation.errors import Forbidden
from simulation.roles import ADMIN, PACK_MAKERS, has_role, sees_held_out
from simulation.wording import counted


def may_import(user: User | AnonymousUser) -> bool:
    return has_role(user, *PACK_MAKERS)


def check_may_import(user: User | AnonymousUser) -> None:
    """Raises Forbidden that names the roles."""
    if not may_import(user):
        raise Forbidden(f"importing a pack needs the role {', '.join(PACK_MAKERS[:-1])} or admin")


def may_approve(user: User | AnonymousUser) -> bool:
    """Tell whether a person may take over what was approved elsewhere."""
    return has_role(user, ADMIN)


def check_may_import_this(bundle: Bundle, user: User, *, approve: bool) -> None:
    """Raises Forbidden for approving without the role, and for held-out tasks that are not for
    these eyes."""
    check_may_import(user)
    if approve and not may_approve(user):
        raise Forbidden("to approve what a pack brings needs the role admin")
    held_out = sum(task.split == HELD_OUT for task in bundle.tasks)
    if held_out and not sees_held_out(user):
        raise Forbidden(
            f"{bundle.name} has {counted(held_out, 'held-out task')}: admins bring it in, over "
            "REST with a token of scope heldout; others take an export without them"
        )
