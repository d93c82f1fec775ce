"""Removing the steps of episodes that are over: most of what is stored, and seldom looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import connection
from django.db.models.functions import Now

from simulation.guards import maintenance
from simulation.models import Episode, Step
from simulation.models.episodes import EpisodeQuerySet

_STEPS = "simulation_step"


@dataclass(frozen=True, slots=True)
class Amount:
    """Of what was removed, or would be."""

    episodes: int = 0
    steps: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.episodes + other.episodes, self.steps + other.steps)

    def about_bytes(self, bytes_of_a_step: float) -> int:
        return round(self.steps * bytes_of_a_step)


def forget_steps(episodes: EpisodeQuerySet, *, reason: str, actor: User | None = None) -> Amount:
    """Remove the steps of a few episodes in one transaction, and record that guards were off.

    episodes: those that are over and not forgotten are taken, as the query still gives them once
    they are locked.
    """
    with maintenance(reason, actor=actor):
        chosen = list(
            episodes.over()
            .filter(forgotten_at=None)
            .select_for_update(of=("self",))
            .values_list("pk", flat=True)
        )
        return _remove(chosen)


def bytes_of_a_step() -> float:
    """Give how much room a step takes, with its indexes, as the mean of all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size(oid), reltuples FROM pg_class WHERE oid = %s::regclass",
            [_STEPS],
        )
        size, rows = cursor.fetchone()
    if rows <= 0:  # nobody has counted them yet
        rows = Step.objects.count()
    return float(size / rows) if rows else 0.0


def _remove(numbers: Sequence[int]) -> Amount:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_STEPS} WHERE episode_id = ANY(%s)", [list(numbers)])  # noqa: S608
        removed = cursor.rowcount
    Episode.objects.filter(pk__in=numbers).update(forgotten_at=Now())
    return Amount(len(numbers), removed)
