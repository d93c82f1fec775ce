"""Who judges a task, and who is asked to."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from authoring.models import Revision, Task
from authoring.splits import HELD_OUT
from simulation.roles import ADMIN, REVIEWER, has_role, sees_held_out


def judges_of(task: Task) -> QuerySet[User]:
    """Give everybody who may judge a task: nobody judges their own."""
    roles = (ADMIN,) if task.split == HELD_OUT else (REVIEWER, ADMIN)
    people = User.objects.filter(groups__name__in=roles, is_active=True)
    return people.exclude(pk=task.owner_id).distinct().order_by("username")


def asked_of(task: Task) -> list[User]:
    """Give who is asked to review a task: the person who is named, else all reviewers."""
    if task.reviewer and (task.split != HELD_OUT or sees_held_out(task.reviewer)):
        return [task.reviewer]
    role = ADMIN if task.split == HELD_OUT else REVIEWER
    return list(judges_of(task).filter(groups__name=role))


def is_own(user: User, revision: Revision) -> bool:
    return user.pk in (revision.author_id, revision.task.owner_id)


def may_judge(user: User, revision: Revision) -> bool:
    """Tell whether a revision waits for somebody, and this person may be it."""
    is_waiting = revision.state == Revision.State.IN_REVIEW
    return is_waiting and has_role(user, REVIEWER, ADMIN) and not is_own(user, revision)
