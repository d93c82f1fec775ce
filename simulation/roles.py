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
