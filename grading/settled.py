"""Rollouts that settled lately, found by when they did: a trainer asks for them again and again."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Func

from grading.models import Assessment, Rollout
from simulation.among import among
from simulation.stops import MASKED


def maybe_settled(gradings: Collection[int | None], since: dt.datetime) -> Func:
    """Make the condition of rollouts that may have settled at that time or later by one of these
    gradings, which `settled_by` then says of each for certain.

    It alone would be worked out for every rollout of a run; these few have indexes.
    """
    graded = Assessment.objects.filter(grading__in=gradings, graded_at__gte=since)
    masked = Rollout.objects.filter(
        episode__stop_reason__in=sorted(MASKED), episode__ended_at__gte=since
    )
    numbers = graded.order_by().values("rollout").union(masked.order_by().values("pk"))
    return among("pk", numbers)
