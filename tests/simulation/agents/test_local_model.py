"""A real small model at work in a world: it calls tools and nothing is lost, wise or not."""

import pytest

from simulation import episodes
from simulation.models import Episode
from simulation.replay import rebuild, rerun
from simulation.runner import run_episode
from simulation.stops import GRADED
from tests.factories import chatting, make_endpoint, make_episode
from tests.local_model import MODEL, local_model, what_is_missing

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.local_model,
    pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing()),
]
PROMPT = """Sell one lamp. Use the tool sell, with buyer "dee" and item_id "lamp".
Then say that it is done."""


def test_a_real_model_calls_tools_and_its_episode_rebuilds_to_its_hash():
    with local_model() as address:
        endpoint = make_endpoint(address, timeout_s=300, capabilities={"tools": "json"})
        agent = chatting(endpoint, model=MODEL, temperature=0.0, max_output_tokens=60)
        episode = make_episode(agent=agent, prompt=PROMPT, budgets={"max_turns": 2}, seed=1)
        assert run_episode(episode.pk)

    episode.refresh_from_db()
    steps = episodes.read_steps(episode)
    calls = [step for step in steps if step.kind == "tool_call"]
    said = [step for step in steps if step.kind == "assistant"]
    assert (episode.status, episode.stop_reason in GRADED) == (Episode.Status.ENDED, True)
    assert calls
    assert calls[0].tool in ("sell", "searchSales", "updateSale")
    assert [call["id"] for step in said for call in step.exchange.get("calls", ())] == [
        step.call_id for step in calls
    ]
    assert all(step.tokens["prompt"] > 100 < 200 * step.tokens["completion"] for step in said)
    assert rebuild(episode).hash() == episode.state_hash
    assert rerun(episode).is_same(episode.state_hash)
