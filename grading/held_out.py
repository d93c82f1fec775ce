"""Rollouts of tasks that are held out: few eyes see them, and pages say how many are left out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import CharField, Count, F, Func, Q, Value

from grading.models import ReplacedEpisode, Rollout, Run
from simulation.agents.prober import PROBER
from simulation.models import Episode
from simulation.models.episodes import PERSON
from simulation.wording import counted

HELD_OUT = "heldout"  # the split that a rollout's labels name
TASK = Func(F("subject"), Value("@"), Value(1), function="split_part", output_field=CharField())


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many rollouts, of how many tasks, are not in what a person is shown."""

    rollouts: int = 0
    tasks: int = 0

    def __bool__(self) -> bool:
        return bool(self.rollouts)

    @property
    def words(self) -> str:
        """Say it in a sentence; "" where nothing is left out."""
        if not self:
            return ""
        are = "is" if self.rollouts == 1 else "are"
        tasks = counted(self.tasks, "held-out task")
        return f"{counted(self.rollouts, 'rollout')} of {tasks} {are} not in these numbers."


def scene_of(slug: str) -> str:
    """Name the scratch clones that people have of a task's setup."""
    return f"task:{slug}"


@transaction.atomic
def hold_out(slugs: Collection[str]) -> int:
    """Keep all that there is of these tasks from most eyes; gives how many episodes that are.

    Those of episodes that were tried again and replaced are among them, and what people tried
    out on their setups and on their customers. Safe to repeat.
    """
    rollouts = Rollout.objects.alias(slug=TASK).filter(slug__in=list(slugs))
    # one that is being tried again gets another episode: it is that one's turn first, or ours
    list(rollouts.select_for_update().order_by("pk").values_list("pk"))
    replaced = ReplacedEpisode.objects.filter(rollout__in=rollouts)
    shows = Q(pk__in=rollouts.values("episode")) | Q(pk__in=replaced.values("episode"))
    scenes = [scene_of(slug) for slug in slugs]
    shows |= Q(agent__kind=PERSON, scene__in=scenes) | Q(agent__kind=PROBER, scene__in=scenes)
    return Episode.objects.filter(shows, is_held_out=False).update(is_held_out=True)


def left_out_of(*runs: Run) -> LeftOut:
    """Count what these runs hide from whoever looks at them, in one query; in none if nothing."""
    hiding = [run.pk for run in runs if run.hides_held_out]
    return _count(hiding) if hiding else LeftOut()


def _count(runs: Sequence[int]) -> LeftOut:
    hidden = Rollout.objects.filter(run__in=runs, episode__is_held_out=True)
    found = hidden.aggregate(rollouts=Count("pk"), tasks=Count(TASK, distinct=True))
    return LeftOut(**found)
