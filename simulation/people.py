"""Finding people by name on the command line."""

from django.contrib.auth.models import User
from django.db.models import Q

from simulation.errors import NotFound
from simulation.roles import ADMIN


def find_user(username: str) -> User:
    """Raises NotFound that says how to make one."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound(f"there is no user {username!r}; make one with manage.py createsuperuser")
    return user


def answering_user(username: str = "") -> User:
    """Give the person of that name; without one, the first admin.

    Raises NotFound that says how to make one.
    """
    if username:
        return find_user(username)
    active = User.objects.filter(is_active=True)
    admins = active.filter(Q(is_superuser=True) | Q(groups__name=ADMIN)).order_by("pk")
    first = admins.first()
    if first is None:
        raise NotFound("there is no admin who could own this; name somebody with --owner")
    return first
