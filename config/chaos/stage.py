"""The whole of it: servers, programs and a model, one run in peace and one in the storm."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import TextIO

from django.conf import settings

from config import embedded
from config.chaos.checks import Figure, figures
from config.chaos.disturbances import FEW, plan
from config.chaos.model_log import read_log
from config.chaos.scene import make_scene
from config.chaos.storm import Say, Storm
from config.scripted_model import scripted_model
from config.supervisor import Services

SETTLE_SECONDS = 1.0  # a request on its way when the last episode ended is written down by then


@dataclass(frozen=True, kw_only=True)
class Order:
    """What was asked for. disturbances: how many; 0 for a few of the most telling ones.

    latency: seconds that the model takes to answer. patience: within which all must be over.
    """

    episodes: int
    disturbances: int
    seed: int
    latency: float
    workers: int
    patience: float

    def names(self, rng: Random) -> Sequence[str]:
        return plan(rng, self.disturbances) if self.disturbances else FEW


@dataclass(frozen=True)
class Report:
    seed: int
    seconds: float
    hits: dict[str, int]
    released: int
    figures: Sequence[Figure]

    @property
    def is_right(self) -> bool:
        return all(figure.is_right for figure in self.figures)


def play(order: Order, say: Say) -> Report:
    """Run it all. Raises Becalmed when it does not come to an end."""
    log, rng = settings.VAR / "model.jsonl", Random(order.seed)  # noqa: S311
    with (
        (settings.VAR / "programs.log").open("w") as programs,
        scripted_model(latency=order.latency, log=log) as address,
        _services(order, programs) as services,
    ):
        scene = make_scene(address)
        calm = scene.calm()
        services.wait_ready()
        in_peace = Storm(services, calm, rng, say, order.patience)
        in_peace.pass_over()
        say("the calm run is over; the storm begins")
        started = time.monotonic()
        storm = Storm(services, scene.storm(order.episodes, rng), rng, say, order.patience)
        storm.rage(order.names(rng))
        storm.pass_over()
        seconds = time.monotonic() - started
        time.sleep(max(SETTLE_SECONDS, 2 * order.latency))
        say("all is over; looking at what is left")
        found = figures(storm.run, calm, read_log(log))
    return Report(order.seed, seconds, dict(storm.hits), storm.released, found)


@contextmanager
def _services(order: Order, log: TextIO) -> Iterator[Services]:
    try:
        with Services(port=0, workers=order.workers, log=log) as services:
            yield services
    finally:
        embedded.release(settings.VAR, timeout=10)
