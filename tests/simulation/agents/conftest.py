from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from simulation.agents.chat import ChatAgent
from simulation.play import Episode, Outcome, play
from simulation.snapshots import Snapshot
from simulation.stops import StopReason
from simulation.transcript import StepRecord
from tests.factories import chatting, make_endpoint, make_playing
from tests.model_server import ModelServer, Reply
from tests.simulation.chat.conftest import Clock

SELL = ("sell", '{"buyer": "dee", "item_id": "lamp", "qty": 2}')
SEARCH = ("searchSales", "{}")
DONE = Reply(text="Sold.")


@dataclass
class Talk:
    """An episode of a model's agent that was played, and what its server was asked."""

    playing: Episode
    outcome: Outcome
    server: ModelServer

    @property
    def stop(self) -> StopReason:
        return self.outcome.stop_reason

    @property
    def steps(self) -> Sequence[StepRecord]:
        return self.playing.steps

    @property
    def kinds(self) -> list[str]:
        return [step.kind for step in self.steps]

    @property
    def sent(self) -> list[list[dict[str, Any]]]:
        """The messages of each request."""
        return [request.body["messages"] for request in self.server.requests]

    def calls(self) -> list[StepRecord]:
        return [step for step in self.steps if step.kind == "tool_call"]

    def said(self) -> StepRecord:
        """The first step of the model's."""
        return next(step for step in self.steps if step.kind in ("assistant", "error"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time of the agents that models play: nobody sleeps."""
    clock = Clock()
    monkeypatch.setattr(ChatAgent, "pace", clock.pace())
    return clock


@pytest.fixture
def talk(model_server: ModelServer, store: Snapshot, clock: Clock, db: None) -> Callable[..., Talk]:
    """Play an episode with a model that answers as told, and then for ever "ok"."""

    def make(
        *replies: Reply,
        can: dict[str, Any] | None = None,
        timeout_s: int = 10,
        spec: dict[str, Any] | None = None,
        **settings: Any,
    ) -> Talk:
        model_server.replies.extend(replies)
        prices = {"small": {"prompt": "1", "completion": "2"}}
        endpoint = make_endpoint(
            model_server.url, capabilities=can or {}, timeout_s=timeout_s, prices=prices
        )
        playing = make_playing(store, **(spec or {}))
        outcome = play(playing, chatting(endpoint, **settings), lambda steps: None)
        return Talk(playing, outcome, model_server)

    return make
