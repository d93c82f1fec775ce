"""What a worker does with one episode: claim it, play it, keep the lease alive, finish it."""

import datetime as dt
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from simulation import episodes
from simulation.errors import GymError, LeaseLost
from simulation.models import Episode
from simulation.play import Outcome, play, prepare
from simulation.transcript import AgentSpec, Spec, StepRecord
from simulation.worlds import snapshot_of

logger = logging.getLogger(__name__)


def run_episode(episode_id: int) -> bool:
    """Run a queued episode to its end. False when another worker has it or took it over.

    Safe to call twice. A failure of the database leaves the episode to the reaper.
    """
    lease = episodes.claim_episode(episode_id)
    return lease is not None and run_claimed(episode_id, lease)


def run_claimed(episode_id: int, lease: int) -> bool:
    """Run an episode that this process has claimed. False when another worker took it over."""
    with structlog.contextvars.bound_contextvars(episode=episode_id, lease=lease):
        try:
            with _kept_alive(episode_id, lease):
                _run(episode_id, lease)
        except LeaseLost:
            logger.info("lease is gone; another worker has the episode")
            return False
    return True


def _run(episode_id: int, lease: int) -> None:
    episode = Episode.objects.get(pk=episode_id)
    try:
        buffer = Buffer(episode_id, lease)
        outcome, spent = _play(episode, buffer)
    except (LeaseLost, DatabaseError):
        raise
    except Exception as error:
        logger.exception("episode cannot be run")
        reason = error.message if isinstance(error, GymError) else repr(error)
        episodes.park_episode(episode_id, reason, lease=lease)
        return
    steps = [*buffer.steps, *outcome.last_steps]
    episodes.finish_episode(episode_id, outcome, lease=lease, steps=steps, spent=spent)
    logger.info("episode ended: %s", outcome.stop_reason)


def _play(episode: Episode, buffer: "Buffer") -> tuple[Outcome, episodes.Spent]:
    elapsed = timezone.now() - (episode.started_at or timezone.now())
    playing = prepare(
        snapshot_of(episode.world_id),
        Spec.model_validate(episode.spec),
        episodes.read_steps(episode) if episode.step_count else (),
        elapsed=max(elapsed, dt.timedelta()).total_seconds(),
    )
    outcome = play(playing, AgentSpec.model_validate(episode.agent), buffer.add)
    return outcome, episodes.spent_in(playing.steps)


class Buffer:
    """Steps that wait for a commit: one a second, the rest with the end."""

    INTERVAL = dt.timedelta(seconds=1)

    def __init__(self, episode_id: int, lease: int) -> None:
        self._episode_id, self._lease = episode_id, lease
        self.steps: list[StepRecord] = []
        self._stored_at = timezone.now()

    def add(self, steps: Sequence[StepRecord]) -> None:
        self.steps.extend(steps)
        if timezone.now() - self._stored_at >= self.INTERVAL:
            self.flush()

    def flush(self) -> None:
        if self.steps:
            episodes.record_steps(self._episode_id, self.steps, lease=self._lease)
        self.steps = []
        self._stored_at = timezone.now()


@contextmanager
def _kept_alive(episode_id: int, lease: int) -> Iterator[None]:
    """Extend the lease from a thread of its own while the episode plays."""
    done = threading.Event()
    thread = threading.Thread(target=_beat, args=(episode_id, lease, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=settings.LEASE_SECONDS)


def _beat(episode_id: int, lease: int, done: threading.Event) -> None:
    interval = settings.LEASE_SECONDS / 3
    if done.wait(interval):
        return  # most episodes are over by now, and this thread never needed a connection
    try:
        episodes.heartbeat(episode_id, lease=lease)
        while not done.wait(interval):
            episodes.heartbeat(episode_id, lease=lease)
    except (LeaseLost, DatabaseError) as error:
        logger.warning("heartbeat stopped: %s", error)
    finally:
        connection.close()
