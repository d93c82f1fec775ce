"""Who else has a task open: everybody whose editor was heard of in the last minute."""

import datetime as dt

from django.utils import timezone

from authoring.access import TaskLook
from authoring.models import Visitor

HERE = dt.timedelta(seconds=60)


def others_here(look: TaskLook) -> tuple[str, ...]:
    """Note that this person is here, and name the others."""
    now = timezone.now()
    Visitor.objects.update_or_create(task=look.task, person=look.user, defaults={"seen_at": now})
    others = Visitor.objects.filter(task=look.task, seen_at__gt=now - HERE)
    named = others.exclude(person=look.user).order_by("person__username")
    return tuple(named.values_list("person__username", flat=True))
