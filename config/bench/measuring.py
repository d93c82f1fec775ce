"""Timing one thing many times: warmed up, garbage collector off, median and 99th percentile."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

REPETITIONS, REPETITIONS_BELOW_A_MILLISECOND = 30, 200
MILLISECOND = 1e-3
SHORTEST_SAMPLE = 50e-6  # quicker things are timed so many in a row that a sample lasts this long


@dataclass(frozen=True)
class Timing:
    """Seconds that one repetition took, each sample on its own or the mean of a few in a row."""

    samples: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def p99(self) -> float:
        return sorted(self.samples)[-1 - len(self.samples) // 100]

    @property
    def n(self) -> int:
        return len(self.samples)


def measure(do: Callable[[], object], *, repetitions: int | None = None) -> Timing:
    """Time something that can be done again and again."""
    with collector_off():
        once = min(_time(do, 1) for _ in range(3))  # warms up as well
        in_a_row = max(1, round(SHORTEST_SAMPLE / max(once, 1e-9)))
        count = repetitions or enough(once)
        return Timing([_time(do, in_a_row) for _ in range(count)])


def measure_each(todo: Sequence[Callable[[], object]]) -> Timing:
    """Time things that can be done only once each, after the first tenth as warm-up."""
    warm_up = max(1, len(todo) // 10)
    with collector_off():
        samples = [_time(do, 1) for do in todo]
    return Timing(samples[warm_up:])


def measure_beside(
    first: Callable[[], object], second: Callable[[], object]
) -> tuple[Timing, Timing]:
    """Time two things in turn, so that a noisy moment of the machine meets both."""
    with collector_off():
        once = min(_time(do, 1) for _ in range(3) for do in (first, second))
        pairs = [(_time(first, 1), _time(second, 1)) for _ in range(enough(once))]
    one, other = zip(*pairs, strict=True)
    return Timing(one), Timing(other)


def enough(seconds: float) -> int:
    """Say how many repetitions something of this length needs."""
    return REPETITIONS_BELOW_A_MILLISECOND if seconds < MILLISECOND else REPETITIONS


@contextmanager
def collector_off() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def status_of(pid: int) -> Mapping[str, int]:
    """Read numbers from /proc/PID/status: VmRSS in KiB, Threads and so on."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        parts = [line.split() for line in file]
    return {part[0].rstrip(":"): int(part[1]) for part in parts if part[1:] and part[1].isdigit()}


def _time(do: Callable[[], object], in_a_row: int) -> float:
    start = time.perf_counter()
    for _ in range(in_a_row):
        do()
    return (time.perf_counter() - start) / in_a_row
