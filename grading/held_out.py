"""Episodes that show held-out content: marked, so that few eyes see them."""

from collections.abc import Collection

from django.db.models import F, Func, TextField, Value

from grading.models import Rollout
from simulation.models import Episode


def hold_out(slugs: Collection[str]) -> int:
    """Mark the episodes of rollouts of these tasks; gives how many were not marked yet."""
    task = Func(F("subject"), Value("@"), Value(1), function="split_part", output_field=TextField())
    rollouts = Rollout.objects.alias(of_task=task).filter(of_task__in=slugs)
    episodes = Episode.objects.filter(rollout__in=rollouts, is_held_out=False)
    return episodes.update(is_held_out=True)
