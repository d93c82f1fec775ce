"""The five roles. They are Groups, so the admin assigns them and the database knows them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AUTHOR, REVIEWER, RUNNER, ANALYST, ADMIN = "author", "reviewer", "runner", "analyst", "admin"
ROLES = (AUTHOR, REVIEWER, RUNNER, ANALYST, ADMIN)
INSPECTORS = (REVIEWER, ANALYST, ADMIN)  # who may look at everybody's runs and episodes
TASK_READERS = (AUTHOR, REVIEWER, ANALYST, ADMIN)  # who may see what gives tasks away
LAUNCHERS = (RUNNER, ADMIN)  # who starts runs and says how models play agents
PACK_MAKERS = (AUTHOR, REVIEWER, ADMIN)  # who puts packs together; everybody with a role reads them


def roles_of(user: "User | AnonymousUser") -> frozenset[str]:
    """Give the roles of a person; a superuser has all of them. One query a request."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset(ROLES)
    known: frozenset[str] | None = getattr(user, "_roles", None)
    if known is None:
        known = remember_roles(user, user.groups.values_list("name", flat=True))
    return known


def remember_roles(user: "User", groups: Iterable[str]) -> frozenset[str]:
    """Note the roles among a person's groups, for as long as the request's user lives."""
    known = frozenset(groups) & frozenset(ROLES)
    user._roles = known  # type: ignore[attr-defined]  # nobody else looks at it
    return known


def has_role(user: "User | AnonymousUser", *roles: str) -> bool:
    return not roles_of(user).isdisjoint(roles)


def sees_held_out(user: "User | AnonymousUser") -> bool:
    """Tell whether held-out tasks and all that comes of them may be shown: to admins, and to
    whoever comes with a token of that scope."""
    said: bool | None = getattr(user, "_sees_held_out", None)
    return has_role(user, ADMIN) if said is None else said


def limit_held_out(user: "User", *, sees: bool) -> None:
    """Note what a token says of held-out content, for as long as the request's user lives."""
    user._sees_held_out = sees  # type: ignore[attr-defined]  # nobody else looks at it
