"""Episodes of models as workers run them: what is stored, put aside, masked and shown to judges."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grading.graders import Evidence
from grading.judging.showing import show
from simulation import episodes
from simulation.chat import wire
from simulation.chat.prices import MOST_COST
from simulation.models import Episode
from simulation.replay import rebuild
from simulation.runner import run_episode
from simulation.transcript import Spec
from tests.factories import chatting, make_endpoint, make_episode
from tests.model_server import Reply
from tests.simulation.agents.conftest import DONE, SEARCH, SELL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PRICES = {"small": {"prompt": "1", "completion": "2"}}


def run(server, *replies, agent=None):
    server.replies.extend(replies)
    agent = agent or chatting(make_endpoint(server.url, prices=PRICES))
    episode = make_episode(agent=agent)
    assert run_episode(episode.pk)
    episode.refresh_from_db()
    return episode, episodes.read_steps(episode)


def test_all_that_came_with_an_answer_is_stored_and_the_world_rebuilds(model_server):
    thinking = Reply(text=None, reasoning="Lamps.", tool_calls=[SELL, SEARCH])

    episode, steps = run(model_server, Reply(status=500), thinking, DONE)

    said = steps[1]
    assert (episode.status, episode.stop_reason) == (Episode.Status.ENDED, "done")
    assert rebuild(episode).hash() == episode.state_hash
    assert (said.reasoning, said.cost) == ("Lamps.", Decimal("0.00002"))
    assert [call["id"] for call in said.exchange["calls"]] == [s.call_id for s in steps[2:4]]
    assert [attempt["status"] for attempt in said.exchange["attempts"]] == [500, 200]


def test_what_an_admin_can_mend_puts_it_aside_and_once_mended_it_goes_on(model_server):
    refused = Reply(status=401, text="this key is over")

    episode, _ = run(model_server, Reply(text=None, tool_calls=[SELL]), refused, DONE)
    assert (episode.status, episode.stop_reason) == (Episode.Status.PARKED, "")
    assert "this key is over" in episode.stop_detail

    episodes.release_episode(episode.pk)
    assert run_episode(episode.pk)
    episode.refresh_from_db()
    assert (episode.status, episode.stop_reason) == (Episode.Status.ENDED, "done")


def test_a_server_that_never_answers_masks_it_with_all_attempts(model_server):
    model_server.answer = lambda body: Reply(status=503, text="full")

    episode, steps = run(model_server)

    assert (episode.status, episode.stop_reason) == (Episode.Status.ENDED, "provider_error")
    assert [attempt["status"] for attempt in steps[-1].exchange["attempts"]] == [503] * 12
    assert (steps[-1].kind, episode.final_response) == ("error", "")


def test_no_judge_is_shown_what_a_model_thought(model_server):
    thinking = Reply(text=None, reasoning="SECRETLY lamps.", tool_calls=[SELL])
    episode, steps = run(model_server, thinking, DONE)
    world = rebuild(episode)
    spec = Spec.model_validate(episode.spec)

    def shown(steps):
        evidence = Evidence(spec, steps, episode.final_response, world)
        return show(evidence, ("answer", "transcript", "changes"), limit=100_000)

    assert steps[1].reasoning == "SECRETLY lamps."
    assert "SECRETLY" not in shown(steps).text("")
    assert shown(steps).hash == shown([replace(step, reasoning="") for step in steps]).hash


def test_any_number_of_tokens_may_be_told_and_the_episode_ends(model_server):
    most = {"prompt_tokens": 2**31 - 1, "completion_tokens": 2**31 - 1}
    dear = {"small": {"prompt": "1000", "completion": "1000"}}
    agent = chatting(make_endpoint(model_server.url, prices=dear))

    episode, _ = run(model_server, Reply(text=None, tool_calls=[SELL], usage=most),
                     Reply(text="Sold.", usage=most), agent=agent)  # fmt: skip

    assert (episode.status, episode.cost) == (Episode.Status.ENDED, MOST_COST)


def test_a_key_in_the_words_of_a_failure_is_in_no_reason(model_server, monkeypatch):
    monkeypatch.setenv("EG_MODEL_KEY_TEST", "sk-0123456789")
    monkeypatch.setattr(wire, "post", _fails_with_its_arguments)
    agent = chatting(make_endpoint(model_server.url, key_variable="EG_MODEL_KEY_TEST"))

    episode, _ = run(model_server, agent=agent)

    assert episode.status == Episode.Status.PARKED
    assert episode.stop_detail == "ValueError('bad: [key removed]')"


def _fails_with_its_arguments(address, key, *rest):
    raise ValueError(f"bad: {key}")
