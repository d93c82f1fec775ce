"""What a worker does with one episode: claim it, play it, store it, finish it.

Steps of agents that ask models are stored before each question and after each answer, so that a
paid answer is neither lost nor asked for again; those of others once a second and with the end.
Whatever is written is written again when the database was away.
"""

import datetime as dt
import logging
import time
from collections.abc import Sequence
from functools import partial

import structlog
from django.db import DatabaseError
from django.utils import timezone

from simulation import episodes, metrics
from simulation.chat.keys import without_keys
from simulation.errors import GymError, LeaseLost
from simulation.leases import KEEPER, Lease
from simulation.outages import give_back_connection, ridden_out
from simulation.play import Episode as Playing
from simulation.play import Outcome, play, prepare
from simulation.resting import Resting, ends_soon
from simulation.transcript import StepRecord
from simulation.worlds import snapshot_of

logger = logging.getLogger(__name__)


def run_episode(episode_id: int) -> bool:
    """Run a queued episode to its end. False when another worker has it or took it over.

    Safe to call twice. A failure of the database leaves the episode to the reaper.
    """
    if ends_soon():
        return False
    lease = ridden_out(partial(episodes.claim_episode, episode_id))
    return lease is not None and run_claimed(episode_id, lease)


def run_claimed(episode_id: int, lease: int) -> bool:
    """Run an episode that this process has claimed. False when another worker took it over.

    It ends here, or rests: then it waits in the queue again, with all of its steps.
    """
    with (
        structlog.contextvars.bound_contextvars(episode=episode_id, lease=lease),
        KEEPER.keeping(Lease(episode_id, lease)) as held,
    ):
        try:
            _run(held)
        except LeaseLost:
            metrics.episodes_left.labels("lease_lost").inc()
            logger.info("lease is gone; another worker has the episode")
            return False
    return True


def _run(held: Lease) -> None:
    try:
        outcome = ridden_out(partial(_play, held))
    except (LeaseLost, DatabaseError):
        raise
    except Resting:
        ridden_out(partial(episodes.rest_episode, held.episode_id, lease=held.number))
        metrics.episodes_left.labels("rest").inc()
        logger.info("episode rests")
    except Exception as error:
        logger.exception("episode cannot be run")
        reason = without_keys(error.message if isinstance(error, GymError) else repr(error))
        ridden_out(partial(episodes.park_episode, held.episode_id, reason, lease=held.number))
        metrics.episodes_left.labels("parked").inc()
    else:
        logger.info("episode ended: %s", outcome.stop_reason)


def _play(held: Lease) -> Outcome:
    """Play an episode from its stored steps to its end, and store that."""
    held.check()
    episode = episodes.read_claimed(held.episode_id)
    playing = prepare(
        snapshot_of(episode.world_id),
        episode.spec,
        episode.steps,
        elapsed=sum(step.duration_ms for step in episode.steps) / 1000,
    )
    agent, buffer = episode.agent, Buffer(held, playing)
    with metrics.calls_counted(playing):
        outcome = play(playing, agent, buffer.add, settle=buffer.settle)
    buffer.finish(outcome)
    metrics.episode_ended(agent.kind, outcome.stop_reason, playing)
    return outcome


class Buffer:
    """Steps that wait for a commit: one a second, or when the play asks for it.

    The time that it takes to store them is not the agent's.
    """

    INTERVAL = dt.timedelta(seconds=1)

    def __init__(self, held: Lease, playing: Playing) -> None:
        self._held, self._playing = held, playing
        self.steps: list[StepRecord] = []
        self._stored_at = timezone.now()

    def add(self, steps: Sequence[StepRecord]) -> None:
        """Take a turn's steps. Raises Resting and LeaseLost, as `settle` does."""
        self.steps.extend(steps)
        if self._held.is_to_stop or timezone.now() - self._stored_at >= self.INTERVAL:
            self.flush()
            self._held.check()

    def settle(self) -> None:
        """Store everything, and stop here when the episode is not to go on in this process.

        Raises Resting when it was asked to rest, LeaseLost when another worker has it.
        """
        self.flush()
        self._held.check()
        give_back_connection()

    def flush(self) -> None:
        if self.steps:
            begun = time.monotonic()
            self._store()
            self._playing.started += time.monotonic() - begun
        self.steps = []
        self._stored_at = timezone.now()

    def finish(self, outcome: Outcome) -> None:
        """Store the end, with the steps that nobody has stored yet."""
        self.steps.extend(outcome.last_steps)
        ridden_out(partial(self._finish, outcome))

    def _store(self) -> None:
        try:
            ridden_out(self._record)
        except LeaseLost:
            if any(step.tokens or step.cost for step in self.steps):
                ridden_out(self._bill)
            raise

    def _bill(self) -> None:
        """Keep what was paid for, should the episode have been cancelled while it was asked."""
        episodes.bill_cancelled(
            self._held.episode_id,
            self.steps,
            lease=self._held.number,
            spent=self._playing.tally.spent,
        )

    def _record(self) -> None:
        self._held.is_to_rest |= episodes.record_steps(
            self._held.episode_id,
            self.steps,
            lease=self._held.number,
            spent=self._playing.tally.spent,
        )

    def _finish(self, outcome: Outcome) -> None:
        episodes.finish_episode(
            self._held.episode_id,
            outcome,
            lease=self._held.number,
            steps=self.steps,
            spent=self._playing.tally.spent,
        )
