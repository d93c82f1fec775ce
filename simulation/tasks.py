"""Celery's way in: ids only, safe to deliver twice."""

import time
from collections.abc import Sequence

from celery import shared_task

from simulation import episodes, runner, waiting
from simulation.messages import gathered
from simulation.playground import scratch
from simulation.portability import uploads
from simulation.rest import idempotency

AT_ONCE: dict[waiting.Pool, int] = {"celery": 4, "models": 1}  # episodes that are claimed together
SECONDS: dict[waiting.Pool, float] = {"celery": 1.0, "models": 0.0}  # then others have a turn


@shared_task
def work(pool: waiting.Pool) -> None:
    """Run what is next, for a while, and hint again while something waits."""
    claims = waiting.claim(pool, AT_ONCE[pool])
    if not claims:
        return
    waiting.pass_on(pool)  # others may be idle
    until = time.monotonic() + SECONDS[pool]
    with gathered():
        _run(claims, until)
        while time.monotonic() < until and (claims := waiting.claim(pool, AT_ONCE[pool])):
            _run(claims, until)
    waiting.pass_on(pool)


def _run(claims: Sequence[waiting.Claim], until: float) -> None:
    """Run at least one of what was claimed, and leave to others what there is no time for."""
    first, *others = claims
    runner.run_claimed(first.episode_id, first.lease)
    while others and time.monotonic() < until:
        following = others.pop(0)
        runner.run_claimed(following.episode_id, following.lease)
    waiting.give_back(others)


@shared_task
def reap() -> None:
    """Bring back what dead workers left and what lost hints left unsaid."""
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
