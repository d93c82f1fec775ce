"""Pools: a queue of hints each, and the workers that take from it."""

from typing import Literal, get_args

Pool = Literal["celery", "models"]
POOLS: tuple[Pool, ...] = get_args(Pool)


def pool_of(endpoint_id: int | None) -> Pool:
    """Name the pool that runs the episodes of agents that ask this endpoint, or none."""
    return "celery" if endpoint_id is None else "models"


def queue_of(pool: Pool) -> str:
    """Name the queue of a pool's hints; "" is the default one, whatever its name is."""
    return "" if pool == "celery" else pool
