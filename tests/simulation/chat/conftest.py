from collections.abc import Callable
from typing import Any

import pytest

from simulation.chat import ChatRequest, ModelClient, Pace, Retries, client_for
from simulation.models import ModelEndpoint
from tests.model_server import ModelServer

KEY = "sk-very-secret-0123456789"


class Clock:
    """Time that passes only while somebody sleeps; chance always says the longest."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def seconds(self) -> float:
        return sum(self.slept)

    def pace(self, **fields: Any) -> Pace:
        return Pace(sleep=self.sleep, random=lambda: 1.0, seconds=self.seconds, **fields)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def endpoint_of(server: ModelServer, **fields: Any) -> ModelEndpoint:
    """An endpoint that is not stored: the client needs no database."""
    given = {"name": "local", "base_url": server.url, "timeout_s": 10, **fields}
    return ModelEndpoint(**given)


@pytest.fixture
def client(model_server: ModelServer, clock: Clock) -> Callable[..., ModelClient]:
    def make(*, retries: Retries | None = None, pace: Pace | None = None, **fields: Any) -> Any:
        endpoint = endpoint_of(model_server, **fields)
        return client_for(endpoint, retries=retries or Retries(), pace=pace or clock.pace())

    return make


def question(text: str = "Hello?", **fields: Any) -> ChatRequest:
    messages = ({"role": "user", "content": text},)
    return ChatRequest(**{"model": "small", "messages": messages, **fields})
