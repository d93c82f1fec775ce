"""What each person has in hand, and what was approved of theirs this month."""

from collections import Counter, defaultdict

from django.contrib.auth.models import User
from django.db.models import Count
from django.utils import timezone

from authoring.access import visible_tasks
from authoring.listing.reading import listed
from authoring.models import ReviewEvent
from authoring.pages import TeamLine
from simulation.roles import ADMIN, REVIEWER, has_role

MOST = 12
IN_HAND = ("draft", "ahead", "changes_requested")


def team(user: User) -> tuple[TeamLine, ...]:
    """Give a line a person with tasks in hand; for reviewers and admins only."""
    if not has_role(user, REVIEWER, ADMIN):
        return ()
    states: defaultdict[str, Counter[str]] = defaultdict(Counter)
    counts = listed(user).order_by().values_list("owner__username", "state")
    for name, state, number in counts.annotate(Count("pk")):
        states[name][state] += number
    approved = _approved(user)
    lines = [
        TeamLine(
            name=name,
            drafts=sum(states[name][state] for state in IN_HAND),
            in_review=states[name]["in_review"],
            approved=approved.get(name, 0),
        )
        for name in states.keys() | approved.keys()
    ]
    busy = [line for line in lines if line.drafts or line.in_review or line.approved]
    return tuple(sorted(busy, key=lambda line: (-line.approved, -line.in_review, line.name))[:MOST])


def _approved(user: User) -> dict[str, int]:
    """Count the tasks of each person that were approved since the first of the month."""
    first = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    seen = ReviewEvent.objects.filter(revision__task__in=visible_tasks(user))
    events = seen.filter(action="approve", created_at__gte=first).order_by()
    owners = events.values_list("revision__task__owner__username")
    return dict(owners.annotate(Count("revision__task", distinct=True)))
