"""The storm: disturbances spread over the life of a run."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from django.db.models import Q, QuerySet

from config.chaos.disturbances import ALL
from config.supervisor import Services
from grading.models import Assessment, Run
from simulation.episodes import release_episode
from simulation.models import Episode
from simulation.outages import ridden_out

POLL_SECONDS = 0.25
HIT_SECONDS = 90.0  # a program that died again and again is started after a pause
LULL_SECONDS = 10.0  # the next one comes after so long, however slow the episodes are

Say = Callable[[str], None]


class Becalmed(Exception):
    """Nothing moves any more; the text says where things stand."""


@dataclass
class Storm:
    """Disturbs a run until each disturbance has hit, then waits for its end."""

    services: Services
    run: Run
    rng: Random
    say: Say
    patience: float
    hits: Counter[str] = field(default_factory=Counter)
    released: int = 0

    def rage(self, names: Sequence[str]) -> None:
        total = self.run.rollouts.count()
        for number, name in enumerate(names):
            self._wait_for((number + self.rng.random()) / (len(names) + 1) * total)
            self._hit(name)

    def pass_over(self) -> None:
        """Wait until every episode is graded; whoever was parked is queued again, as by button."""
        self._until(self._is_over)

    def _wait_for(self, ended: float) -> None:
        """Wait until so many have ended, or for the longest lull."""
        lull = time.monotonic() + LULL_SECONDS
        self._until(lambda: self._ended() >= ended or time.monotonic() > lull)

    def _hit(self, name: str) -> None:
        deadline = time.monotonic() + HIT_SECONDS
        while not ALL[name](self.services, self.rng):
            if time.monotonic() > deadline:
                raise Becalmed(f"{name}: there was nothing to hit within {HIT_SECONDS:.0f} s")
            time.sleep(POLL_SECONDS)
        self.hits[name] += 1
        self.say(f"{name}")

    def _until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self.patience
        while not ridden_out(condition):
            if time.monotonic() > deadline:
                raise Becalmed(f"nothing more after {self.patience:.0f} s: {self._standing()}")
            time.sleep(POLL_SECONDS)

    def _ended(self) -> int:
        return self._episodes().filter(ended_at__isnull=False).count()

    def _is_over(self) -> bool:
        for pk in self._episodes().filter(status="parked").values_list("pk", flat=True):
            release_episode(pk)
            self.released += 1
        open_ = Q(rollout__run=self.run, status="open")
        return not self._episodes().filter(ended_at__isnull=True).exists() and not (
            Assessment.objects.filter(open_).exists()
        )

    def _standing(self) -> str:
        states = Assessment.objects.filter(rollout__run=self.run).values_list(
            "rollout__episode__status", "rollout__episode__stop_detail", "status"
        )
        return "; ".join(f"{count} × {state}" for state, count in Counter(states).items())

    def _episodes(self) -> QuerySet[Episode]:
        return Episode.objects.filter(rollout__run=self.run)
