"""Who can be given tasks: to write, or to review."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from simulation.roles import ADMIN, AUTHOR, REVIEWER

OWNERS = (AUTHOR, ADMIN)
REVIEWERS = (REVIEWER, ADMIN)


def with_role(*roles: str) -> QuerySet[User]:
    has = Q(groups__name__in=roles) | Q(is_superuser=True)
    return User.objects.filter(has, is_active=True).distinct().order_by("username")


def candidates() -> list[str]:
    """Name everybody who writes or reviews tasks."""
    return list(with_role(AUTHOR, REVIEWER, ADMIN).values_list("username", flat=True))
