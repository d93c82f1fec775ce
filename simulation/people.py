"""Finding people by name on the command line."""

from django.contrib.auth.models import User

from simulation.errors import NotFound


def find_user(username: str) -> User:
    """Raises NotFound that says how to make one."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound(f"there is no user {username!r}; make one with manage.py createsuperuser")
    return user
