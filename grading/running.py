"""What people do with a run while it runs: pause, go on, limit it, release what is parked."""

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction

from grading.models import Run
from simulation.errors import Conflict, Forbidden, InvalidArgument
from simulation.many_episodes import release_episodes
from simulation.models import Episode, Lane
from simulation.roles import ADMIN, has_role
from simulation.waiting import POOLS, pause_lane, places_of, resume_lane, tell_workers

MOST_RUNNING = 100_000


def may_steer(user: User | AnonymousUser, run: Run) -> bool:
    """A run's owner and admins: who pays for it decides whether it goes on."""
    return run.owner_id == user.pk or has_role(user, ADMIN)


def check_may_steer(user: User | AnonymousUser, run: Run) -> None:
    if not may_steer(user, run):
        raise Forbidden(f"{run}: only its owner and admins steer it")


def pause_run(run: Run) -> None:
    """Start nothing more of it; what runs rests when the answer on its way is stored.

    Raises Conflict when it has ended.
    """
    pause_lane(_lane(run, must_be_live=True))


def resume_run(run: Run) -> None:
    """Go on where it was paused. Safe to repeat."""
    resume_lane(_lane(run))


@transaction.atomic
def limit_run(run: Run, most: int | None) -> None:
    """Let so many of its episodes run at one time, None for as many as there are workers.

    What runs already goes on. Raises InvalidArgument for a number that is none.
    """
    if most is not None and not 1 <= most <= MOST_RUNNING:
        wanted = f"from 1 to {MOST_RUNNING:,}, or nothing for no limit"
        raise InvalidArgument(f"at most {most} at one time: write a number {wanted}",
                              field="max_running")  # fmt: skip
    lane = _lane(run)
    Lane.objects.filter(pk=lane.pk).update(max_running=most)
    for pool in POOLS:
        tell_workers(pool, sum(place.lane == lane.pk for place in places_of(pool)))


def release_parked(run: Run) -> int:
    """Queue again every episode of a run that was put aside; gives how many."""
    return release_episodes(Episode.objects.filter(rollout__run=run))


def _lane(run: Run, *, must_be_live: bool = False) -> Lane:
    if run.lane is None:
        raise Conflict(f"{run} was made before runs could be paused or limited")
    is_live = run.rollouts.unfinished().exists() if must_be_live else True
    if not is_live:
        raise Conflict(f"{run} has ended: there is nothing to pause")
    return run.lane
