"""A conversation in memory: one server that plays the agent and the customer, by what it is asked.

The agent's model is "small", the customer's is "customer"; they say what a test has written down.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulation.conversation import choose_player
from simulation.play import Episode, Outcome, play
from simulation.transcript import StepRecord
from tests.factories import chatting, make_endpoint, make_playing
from tests.model_server import ModelServer, Reply

FACT = "12 Elm Street, Leeds"
CUSTOMER = {
    "kind": "played",
    "persona": "Dee, in a hurry, writes short messages.",
    "goal": "Two lamps, delivered to her new home.",
    "facts_known": ["She bought a chair last year."],
    "facts_withheld": [
        {"topic": "the delivery address", "fact": FACT},
        {"topic": "who pays", "fact": "Her firm pays, cost centre KX-4471"},
    ],
    "patience": 6,
}
USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


def says(text: str, ends: str = "no", **given: Any) -> Reply:
    answer = {"why": "because", "ends": ends, "says": text}
    return Reply(text=json.dumps(answer), usage=USAGE, **given)


def asked(*items: tuple[int, str]) -> Reply:
    found = [{"topic": topic, "quote": quote} for topic, quote in items]
    return Reply(text=json.dumps({"asked": found}), usage=USAGE)


def is_hearing(body: dict[str, Any]) -> bool:
    return "asked" in body["response_format"]["json_schema"]["schema"]["properties"]


@dataclass
class Conversation:
    """agent, hears, speaks: what is answered, one after the other; a callable is given the body."""

    server: ModelServer
    agent: Sequence[str | Reply] = ()
    hears: Sequence[Any] = ()
    speaks: Sequence[Any] = ()
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.answer = self.answer

    def answer(self, body: dict[str, Any]) -> Reply:
        who = "agent" if body["model"] == "small" else "hears" if is_hearing(body) else "speaks"
        number = self.counts.get(who, 0)
        self.counts[who] = number + 1
        given: Any = getattr(self, who)
        if number >= len(given):
            return asked() if who == "hears" else says("Well.") if who == "speaks" else Reply()
        found = given[number]
        if callable(found):
            found = found(body)
        return Reply(text=found) if isinstance(found, str) and who == "agent" else found

    def of(self, model: str) -> list[str]:
        """Give what a model was asked, as text."""
        bodies = [r.body for r in self.server.requests if r.body["model"] == model]
        return [json.dumps(body["messages"], ensure_ascii=False) for body in bodies]


def player_of(url: str, **fields: Any) -> dict[str, Any]:
    prices = {"customer": {"prompt": "1", "completion": "10"}}
    endpoint = make_endpoint(url, **{"prices": prices, **fields})
    return choose_player({"endpoint": endpoint.name, "model": "customer"}).model_dump()


def spec_of(player: dict[str, Any] | None, **members: Any) -> dict[str, Any]:
    given = {"prompt": "Two lamps, please. Dee", "mode": "conversation", "customer": CUSTOMER}
    return {**given, "customer_player": player, **members}


def converse(
    server: ModelServer,
    *,
    spec: dict[str, Any] | None = None,
    steps: Sequence[StepRecord] = (),
    record: Callable[[Sequence[StepRecord]], None] = lambda steps: None,
    **options: Any,
) -> tuple[Episode, Outcome]:
    """Play a conversation of a model's agent."""
    endpoint = make_endpoint(server.url)
    playing = make_playing(**(spec or spec_of(player_of(server.url))))
    playing.steps.extend(steps)
    return playing, play(playing, chatting(endpoint), record, **options)


def words(steps: Sequence[StepRecord]) -> list[tuple[str, str]]:
    """Give what was said, by whom."""
    return [(step.kind, step.content) for step in steps if step.turn]
