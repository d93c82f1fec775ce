"""A worker that takes over sends exactly what the first would have, and pays nothing twice."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation import episodes
from simulation.agents.messages import messages_of
from simulation.chat.capabilities import Capabilities
from simulation.chat.history import as_taken
from simulation.play import play, prepare
from simulation.stops import StopReason
from tests.factories import chatting, make_endpoint, make_playing, make_running, make_spec
from tests.model_server import ModelServer, Reply
from tests.simulation.agents.conftest import DONE, SEARCH, SELL

pytestmark = pytest.mark.django_db
CAN = {"reasoning_back": "reasoning_details"}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=()), max_size=20)
RAW = st.sampled_from(
    [SELL[1], "{}", "", "{", "[]", '{"buyer": "\\u0000"}', "\x00", '{"é": 1e400}']
)
VALUES = st.dictionaries(
    TEXT,
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    max_size=2,
)


@st.composite
def asked_calls(draw):
    name = draw(st.sampled_from(["sell", "searchSales", "mcp__s__sell", "", "fly"]) | TEXT)
    made = {"type": "function", "function": {"name": name, "arguments": draw(RAW)}}
    if draw(st.booleans()):
        made["id"] = draw(st.sampled_from(["a", "b", "", "a" * 300]) | TEXT)
    if draw(st.booleans()):
        made["extra_content"] = draw(VALUES)
    return made


@st.composite
def replies(draw):
    message = {"reasoning_details": draw(st.lists(VALUES, max_size=2))}
    return Reply(
        text=draw(st.none() | TEXT),
        reasoning=draw(TEXT),
        tool_calls=draw(st.lists(asked_calls(), min_size=1, max_size=3)),
        message=message,
    )


@pytest.fixture(scope="module")
def server():
    with ModelServer() as server:
        yield server


@given(st.lists(replies(), min_size=1, max_size=4), st.text(max_size=5))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_messages_of_stored_steps_are_those_that_were_sent(server, store, db, answers, system):
    server.requests.clear()
    server.replies.clear()
    server.replies.extend([*answers, DONE])
    episode, lease = make_running()
    endpoint = make_endpoint(server.url, capabilities=CAN)
    playing = make_playing(store, system_prompt=system, budgets={"max_errors": 99})

    outcome = play(
        playing,
        chatting(endpoint, instructions="Be brief."),
        lambda steps: episodes.record_steps(episode.pk, steps, lease=lease),
    )
    episodes.record_steps(episode.pk, outcome.last_steps, lease=lease)

    stored = episodes.read_steps(episode)
    starts = [step.index for step in stored if step.kind == "assistant"]
    rebuilt = [
        as_taken(messages_of(stored[:start], "Be brief."), Capabilities(**CAN)) for start in starts
    ]
    assert rebuilt == [request.body["messages"] for request in server.requests]
    assert len(rebuilt) == len(answers) + 1


# leaving at any place


class Left(Exception):
    pass


SCRIPT = [
    Reply(text=None, tool_calls=[SELL, SEARCH, SELL], reasoning="Two."),
    Reply(text=None),
    Reply(text="Again.", tool_calls=[("sell", "{")]),
    Reply(text=None, tool_calls=[SELL, SELL]),
    DONE,
]


def answer(body):
    return SCRIPT[sum(message["role"] == "assistant" for message in body["messages"])]


class Worker:
    """Plays until it has settled so often, and leaves what it has recorded."""

    def __init__(self, store, agent, settles, **budgets):
        self.store, self.agent, self.left = store, agent, settles
        self.spec = make_spec(budgets=budgets)
        self.recorded = []

    def settle(self):
        if self.left == 0:
            raise Left
        self.left -= 1

    def play(self, steps=()):
        self.recorded = list(steps)
        playing = prepare(self.store, self.spec, steps)
        outcome = play(playing, self.agent, self.recorded.extend, settle=self.settle)
        return outcome, [*self.recorded, *outcome.last_steps]


def facts(steps):
    return [
        (s.index, s.turn, s.kind, s.content, s.tool, s.call_id, s.result, s.exchange) for s in steps
    ]


def test_wherever_a_worker_leaves_the_next_one_goes_on_without_asking_or_calling_twice(
    model_server, store
):
    model_server.answer = answer
    agent = chatting(make_endpoint(model_server.url))
    whole, steps = Worker(store, agent, -1).play()
    sent = [request.body for request in model_server.requests]
    assert whole.stop_reason is StopReason.DONE

    for settles in range(2 * len(SCRIPT)):
        model_server.requests.clear()
        first = Worker(store, agent, settles)
        with pytest.raises(Left):
            first.play()
        outcome, all_steps = Worker(store, agent, -1).play(first.recorded)

        assert facts(all_steps) == facts(steps)
        assert outcome.state_hash == whole.state_hash
        assert [request.body for request in model_server.requests] == sent


def test_calls_beyond_the_limit_are_left_out_wherever_another_worker_takes_over(
    model_server, store
):
    model_server.answer = answer
    agent = chatting(make_endpoint(model_server.url))
    whole, steps = Worker(store, agent, -1, max_calls=2).play()
    made = [step.tool for step in steps if step.kind == "tool_call"]

    assert (whole.stop_reason, made) == (StopReason.MAX_TURNS, ["sell", "searchSales"])
    assert whole.detail == "2 tool calls; asked for beyond them and not executed: 1"
    assert [call["name"] for call in steps[1].exchange["left_out"]] == ["sell"]
    for stored in range(1, len(steps) + 1):
        outcome, all_steps = Worker(store, agent, -1, max_calls=2).play(steps[:stored])

        assert facts(all_steps) == facts(steps)
        assert (outcome.detail, outcome.state_hash) == (whole.detail, whole.state_hash)
    assert len(model_server.requests) == 2
