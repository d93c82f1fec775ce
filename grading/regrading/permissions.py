"""Who may have a run graded again and say which grading counts."""

from django.contrib.auth.models import AnonymousUser, User

from grading.models import Run
from simulation.errors import Forbidden
from simulation.roles import ADMIN, ANALYST, has_role


def may_grade(user: User | AnonymousUser, run: Run) -> bool:
    """The run's owner, analysts and admins: gradings cost money and decide what counts."""
    return run.owner_id == user.pk or has_role(user, ANALYST, ADMIN)


def check_may_grade(user: User, run: Run) -> None:
    if not may_grade(user, run):
        raise Forbidden(f"{run}: only its owner, analysts and admins say how it is graded")
