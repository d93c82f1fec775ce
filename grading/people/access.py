"""Who may say what about a rollout. What one may not even see is 404 long before."""

from django.contrib.auth.models import User

from grading.models import Rollout, Verdict
from simulation.errors import Forbidden
from simulation.roles import ADMIN, INSPECTORS, has_role


def may_decide(user: User) -> bool:
    """Tell whether this person's verdicts may count before those of machines."""
    return has_role(user, *INSPECTORS)


def may_speak(user: User, rollout: Rollout) -> bool:
    """Tell whether this person may give opinions, notes and reports on a rollout."""
    return may_decide(user) or rollout.run.owner_id == user.pk


def may_withdraw(user: User, author_id: int | None) -> bool:
    """Tell whether this person may take back what that person said: one's own, admins any."""
    return author_id == user.pk or has_role(user, ADMIN)


def check_speaks(user: User, rollout: Rollout, *, decides: bool = False) -> None:
    """Raises Forbidden that names who may. decides: the verdict is to count."""
    if decides and not may_decide(user):
        raise Forbidden(
            "an authoritative verdict needs the role reviewer, analyst or admin; give an opinion"
        )
    if not may_speak(user, rollout):
        raise Forbidden("only the owner of the run, reviewers, analysts and admins say this")


def check_withdraws(user: User, verdict: Verdict) -> None:
    if not may_withdraw(user, verdict.author_id):
        raise Forbidden(f"only {verdict.author} and admins take this verdict back")
