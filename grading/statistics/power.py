"""How small a difference a paired comparison can find, and how many tasks it takes."""

from math import ceil, sqrt
from statistics import NormalDist

POWER = 0.8
SIGNIFICANCE = 0.05


def detectable(deviation: float, tasks: int, *, power: float = POWER) -> float | None:
    """Give the smallest true mean difference found with this power at 5 %, two-sided.

    deviation: standard deviation of the tasks' differences. None for fewer than two tasks.
    """
    return None if tasks < 2 else _multiple(power) * deviation / sqrt(tasks)


def tasks_needed(deviation: float, difference: float, *, power: float = POWER) -> int | None:
    """Give how many tasks find this true difference; None for no difference at all."""
    if difference == 0:
        return None
    return max(2, ceil((_multiple(power) * deviation / difference) ** 2))


def _multiple(power: float) -> float:
    """Give how many standard errors a difference must have: z(1 - 5 % / 2) + z(power)."""
    normal = NormalDist()
    return normal.inv_cdf(1 - SIGNIFICANCE / 2) + normal.inv_cdf(power)
