"""Finding people by name on the command line."""

from django.contrib.auth.models import User
from django.db.models import Q

from simulation.errors import NotFound
from simulation.roles import ADMIN

NOBODY = "system"


def find_user(username: str) -> User:
    """Raises NotFound that says how to make one."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound(f"there is no user {username!r}; make one with manage.py createsuperuser")
    return user


def answering_user(username: str = "") -> User:
    """Give the person of that name; without one, the first admin.

    While there is no admin yet, what is made belongs to an account that nobody can sign in with.
    Raises NotFound for a name that is nobody's.
    """
    if username:
        return find_user(username)
    active = User.objects.filter(is_active=True)
    admins = active.filter(Q(is_superuser=True) | Q(groups__name=ADMIN)).order_by("pk")
    return admins.first() or _nobody()


def _nobody() -> User:
    user, is_new = User.objects.get_or_create(username=NOBODY, defaults={"is_active": False})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
