"""Who deals with task reports."""

from django.contrib.auth.models import User

from grading.people.reports import CARERS
from simulation.errors import Problems
from simulation.pages import Choice

MOST = 200


def owner_named(username: str) -> User | None:
    """Give the person of that name, None for no name. Raises Problems for one that nobody has."""
    if not username:
        return None
    owner = User.objects.filter(username=username, is_active=True).first()
    if owner is None:
        raise Problems([f"owner: nobody is named {username[:80]!r}"])
    return owner


def owner_choices(selected: str) -> tuple[Choice, ...]:
    """Offer everybody who may deal with a report."""
    people = User.objects.filter(groups__name__in=CARERS, is_active=True).distinct()
    names = people.order_by("username").values_list("username", flat=True)[:MOST]
    pairs = [("", "nobody yet"), *((name, name) for name in names)]
    return tuple(Choice(value=v, label=label, is_selected=v == selected) for v, label in pairs)
