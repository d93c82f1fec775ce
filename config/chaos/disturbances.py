"""What goes wrong: one function for each way in which a program or a server may end."""

import os
import signal
from collections.abc import Callable, Mapping
from random import Random

from django.conf import settings

from config import embedded, processes
from config.supervisor import Services

Act = Callable[[Services, Random], bool]  # False when there was nothing to hit just now


def _hit(pid: int | None, sign: signal.Signals) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return False
    return True


def _program(name: str, sign: signal.Signals) -> Act:
    """Hit a program; the supervisor starts it again."""

    def act(services: Services, rng: Random) -> bool:
        return _hit(services.pid(name), sign)

    return act


def _child_of(name: str) -> Act:
    """Kill one of a worker's processes; the worker starts another."""

    def act(services: Services, rng: Random) -> bool:
        parent = services.pid(name)
        children = sorted(processes.children_of(parent)) if parent else []
        return bool(children) and _hit(rng.choice(children), signal.SIGKILL)

    return act


def _server(name: str, sign: signal.Signals) -> Act:
    """Hit an embedded server; its keeper starts it again."""

    def act(services: Services, rng: Random) -> bool:
        return _hit(embedded.status(settings.VAR).get(name), sign)

    return act


WORKERS: Mapping[str, Act] = {
    "kill -9 of a worker's process": _child_of("worker"),
    "kill -9 of the worker": _program("worker", signal.SIGKILL),
    "kill -9 of the conversations": _program("models", signal.SIGKILL),
    "SIGTERM to the worker": _program("worker", signal.SIGTERM),
    "SIGTERM to the conversations": _program("models", signal.SIGTERM),
}
SERVERS: Mapping[str, Act] = {
    "Redis killed": _server("valkey", signal.SIGKILL),
    "Redis restarted": _server("valkey", signal.SIGTERM),
    "PostgreSQL restarted": _server("postgres", signal.SIGINT),
    "PostgreSQL crashed": _server("postgres", signal.SIGQUIT),
}
OTHERS: Mapping[str, Act] = {
    "kill -9 of the web server": _program("web", signal.SIGKILL),
    "kill -9 of beat": _program("beat", signal.SIGKILL),
    "kill -9 of judging": _program("judging", signal.SIGKILL),
}
ALL: Mapping[str, Act] = {**WORKERS, **SERVERS, **OTHERS}
FEW = (
    "kill -9 of the conversations",
    "Redis killed",
    "PostgreSQL restarted",
    "kill -9 of a worker's process",
)


def plan(rng: Random, count: int) -> list[str]:
    """Choose so many: of each kind as often as of the others, in an order that the seed decides."""
    chosen: list[str] = []
    while len(chosen) < count:
        round_ = sorted(ALL)
        rng.shuffle(round_)
        chosen += round_
    return chosen[:count]
