"""Many episodes at once: ended from outside, or queued again, as `episodes` does it with one."""

from collections import Counter

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from simulation.episodes import MAX_DETAIL
from simulation.messages import send_after_commit
from simulation.models import Episode
from simulation.models.episodes import OVER
from simulation.stops import StopReason
from simulation.text import clean_text
from simulation.waiting import pool_of, tell_workers

AT_ONCE = 1000  # in one message: each takes a millisecond or more to send


@transaction.atomic
def cancel_episodes(episodes: QuerySet[Episode], *, detail: str = "") -> int:
    """End from outside what has not ended yet; gives how many. What is over stays as it is."""
    ids = _held(episodes.exclude(status__in=OVER))
    Episode.objects.filter(pk__in=ids).update(
        status=Episode.Status.CANCELLED,
        stop_reason=StopReason.CANCELLED,
        stop_detail=clean_text(detail, limit=MAX_DETAIL)[0],
        ended_at=Now(),
        lease_expires_at=None,
        rests="",
    )
    send_after_commit(
        settings.EPISODE_ENDED_TASK, [ids[n : n + AT_ONCE] for n in range(0, len(ids), AT_ONCE)]
    )
    return len(ids)


@transaction.atomic
def release_episodes(episodes: QuerySet[Episode]) -> int:
    """Queue again what is parked; gives how many."""
    ids = _held(episodes.filter(status=Episode.Status.PARKED))
    Episode.objects.filter(pk__in=ids).update(
        status=Episode.Status.QUEUED, stop_detail="", fruitless_claims=0, queued_at=Now()
    )
    asked = Episode.objects.filter(pk__in=ids).values_list("endpoint_id", flat=True)
    for pool, n in Counter(map(pool_of, asked)).items():
        tell_workers(pool, n)
    return len(ids)


def _held(episodes: QuerySet[Episode]) -> list[int]:
    """Lock rows in one order, whoever else does so, and give those that still are as asked for."""
    locked = episodes.order_by("pk").select_for_update(of=("self",), no_key=True)
    return list(locked.values_list("pk", flat=True))
