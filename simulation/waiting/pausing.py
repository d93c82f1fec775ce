"""Pausing a lane: nothing of it is claimed, and what runs rests at the next safe place."""

from django.db import transaction
from django.db.models.functions import Now

from simulation.models import Episode, Lane
from simulation.waiting.hints import tell_workers
from simulation.waiting.places import places_of
from simulation.waiting.pools import POOLS


@transaction.atomic
def pause_lane(lane: Lane) -> bool:
    """Let a lane rest until it is resumed. False when it rests already."""
    if not _lock(lane, is_paused=False):
        return False
    Lane.objects.filter(pk=lane.pk).update(paused_at=Now())
    _ask(lane, Episode.Rest.PAUSE)
    return True


@transaction.atomic
def resume_lane(lane: Lane) -> bool:
    """Let workers take from a paused lane again. False when it is not paused."""
    if not _lock(lane, is_paused=True):
        return False
    Lane.objects.filter(pk=lane.pk).update(paused_at=None)
    _ask(lane, "")
    for pool in POOLS:
        tell_workers(pool, sum(place.lane == lane.pk for place in places_of(pool)))
    return True


def _lock(lane: Lane, *, is_paused: bool) -> bool:
    """Wait for claims that are on their way, and let none begin. False when it is not so."""
    asked = Lane.objects.filter(pk=lane.pk, paused_at__isnull=not is_paused)
    return asked.select_for_update().first() is not None


def _ask(lane: Lane, rests: str) -> None:
    """Ask the workers of a lane's episodes to let them rest, or no longer to."""
    running = Episode.objects.filter(lane=lane, status=Episode.Status.RUNNING)
    held = running.order_by("pk").select_for_update(no_key=True)
    Episode.objects.filter(pk__in=list(held.values_list("pk", flat=True))).update(rests=rests)
