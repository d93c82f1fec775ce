"""What may be done with a run's held-out rollouts, for people who steer it and do not see them."""

from dataclasses import dataclass

from django.db.models import Count, Q

from grading.models import Rollout, Run
from simulation.models import Episode
from simulation.stops import MASKED
from simulation.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """How many held-out episodes an act on the run would touch; never which they are."""

    live: int = 0
    masked: int = 0
    parked: int = 0

    @property
    def words(self) -> str:
        """Say that the numbers on the buttons hold more than the page shows; "" when not."""
        counts = ((self.live, "not ended"), (self.masked, "masked"), (self.parked, "parked"))
        there = [f"{n:,} {word}" for n, word in counts if n]
        if not there:
            return ""
        total = counted(self.live + self.masked + self.parked, "held-out rollout")
        return f"The buttons also act on {total} that you are not shown: {', '.join(there)}."


def read_hidden(run: Run) -> Hidden:
    """Count them in one query; in none where the run hides nothing."""
    if not run.hides_held_out:
        return Hidden()
    status = Episode.Status
    live = Q(episode__status__in=[status.QUEUED, status.RUNNING, status.PAUSED])
    masked = Q(episode__status=status.ENDED, episode__stop_reason__in=MASKED)
    held = Rollout.objects.filter(run=run, episode__is_held_out=True)
    found = held.aggregate(
        live=Count("pk", filter=live),
        masked=Count("pk", filter=masked),
        parked=Count("pk", filter=Q(episode__status=status.PARKED)),
    )
    return Hidden(**found)
