"""Lanes that pause and go on."""

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from simulation.models import Episode, Lane


@transaction.atomic
def pause_lane(lane: Lane) -> None:
    """Take nothing more from a lane; what runs rests at its next safe place."""
    Lane.objects.filter(pk=lane.pk, paused_at__isnull=True).update(paused_at=Now())
    _at_work(lane).update(rests=Episode.Rest.PAUSE)


@transaction.atomic
def resume_lane(lane: Lane) -> None:
    """Go on with a lane."""
    Lane.objects.filter(pk=lane.pk).update(paused_at=None)
    _at_work(lane).update(rests="")


def _at_work(lane: Lane) -> QuerySet[Episode]:
    return Episode.objects.filter(lane=lane, status=Episode.Status.RUNNING)
