"""Celery's way in: ids only, safe to deliver twice."""

import time
from collections.abc import Sequence
from functools import partial

from celery import shared_task

from simulation import episodes, runner, waiting
from simulation.behind import behind
from simulation.messages import gathered
from simulation.outages import is_steady, ridden_out
from simulation.playground import scratch
from simulation.portability import uploads
from simulation.rest import idempotency
from simulation.resting import ends_soon

AT_ONCE: dict[waiting.Pool, int] = {"celery": 4, "models": 1}  # episodes that are claimed together
SECONDS: dict[waiting.Pool, float] = {"celery": 1.0, "models": 0.0}  # then others have a turn


@shared_task
def work(pool: waiting.Pool) -> None:
    """Run what is next, for a while, and hint again while something waits."""
    claims = _claim(pool)
    if not claims:
        return
    waiting.hint_when_none(pool)  # others may be idle
    until = time.monotonic() + SECONDS[pool]
    with gathered():
        _run(pool, claims, until)
        while time.monotonic() < until and (claims := _claim(pool)):
            _run(pool, claims, until)
    waiting.pass_on(pool)


def _claim(pool: waiting.Pool) -> Sequence[waiting.Claim]:
    """Take nothing more where the worker ends: others will."""
    return [] if ends_soon() else ridden_out(partial(waiting.claim, pool, AT_ONCE[pool]))


def _run(pool: waiting.Pool, claims: Sequence[waiting.Claim], until: float) -> None:
    """Run at least one of what was claimed, and leave to others what there is no time for."""
    first, *others = claims
    with behind(pool, others, until) as line:
        runner.run_claimed(first.episode_id, first.lease)
        while time.monotonic() < until and not ends_soon() and (following := line.take()):
            runner.run_claimed(following.episode_id, following.lease)
        line.give_back()


@shared_task
def reap() -> None:
    """Bring back what dead workers left and what lost hints left unsaid.

    After an outage of the database its workers come first: they may hold answers that are paid for.
    """
    if is_steady():
        episodes.reap_expired_leases()
    waiting.repeat_lost_hints()


@shared_task
def remove_idle_scratches() -> None:
    """Delete the playground clones that nobody has used for days."""
    scratch.remove_idle_scratches()


@shared_task
def forget_uploads() -> None:
    uploads.forget_uploads()


@shared_task
def forget_answers() -> None:
    idempotency.forget_answers()
