"""What the top bar of every page tells a person: unread news, and reviews that wait for them."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from authoring.models import InboxItem
from authoring.reviewing.queue import waiting_for
from simulation.roles import ADMIN, REVIEWER, has_role


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """is_known: whether anybody is signed in."""

    is_known: bool = False
    is_reviewer: bool = False
    unread: int = 0
    reviews: int = 0


def news_for(user: User | AnonymousUser) -> News:
    """Count both in one query."""
    if not user.is_authenticated:
        return News()
    shown = InboxItem.objects.shown_to(user)
    unread = shown.filter(person=OuterRef("pk"), read_at__isnull=True)
    counts = User.objects.filter(pk=user.pk).values_list(
        _counted(unread), _counted(waiting_for(user))
    )
    unread_count, reviews = counts.get()
    return News(
        is_known=True,
        is_reviewer=has_role(user, REVIEWER, ADMIN),
        unread=unread_count,
        reviews=reviews,
    )


def _counted(rows: QuerySet[Any]) -> Coalesce:
    grouped = rows.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("pk"))
    return Coalesce(Subquery(grouped.values("number"), output_field=IntegerField()), 0)
