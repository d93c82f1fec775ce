"""Text of agents is hostile: it never crashes an episode, and what is left of it can be stored."""

import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simulation.calls import call_tool
from simulation.environments import environment
from simulation.errors import InvalidArgument
from simulation.models import Episode
from simulation.play import play
from simulation.replay import rebuild, rerun, state_at
from simulation.runner import run_episode
from simulation.state import WorldState
from simulation.stops import GRADED
from simulation.text import MAX_ARGUMENTS, canonical, clean_json, clean_text, parse_object
from simulation.transcript import AgentSpec
from tests.factories import make_episode, make_playing, make_snapshot, scripted

SNAPSHOT = make_snapshot()
TOOLS = environment("mock_store").tools
HOSTILE = [
    "\x00",
    chr(0xD800),
    chr(0xD83D) + chr(0xDE00),
    "\u202e\u2066txt.exe",
    "שלום \u200f",
    "👩‍👩‍👧‍👦" * 50,
    "Z\u0300\u0301\u0302" * 200,
    "\r\n\t\x0b\x1b[31m",
    "'; DROP TABLE simulation_world; --",
    "<script>alert(1)</script>{{ x }}{% y %}",
    "%s %(name)s {0} {prompt}",
    "x" * 10_000,
    "\ufeff\ufffe\uffff",
]
HOSTILE_ARGUMENTS = [
    "",
    "null",
    "{",
    '{"buyer": NaN}',
    '{"buyer": 1e999}',
    '{"limit": ' + "9" * 5000 + "}",
    '{"limit": -0.0}',
    '{"limit": 123456789012345678901234567890}',
    '{"buyer": {"$ref": "1.id"}}',
    '{"a": ' * 100 + "1" + "}" * 100,
    "[" * 100_000,
    '{"buyer": "' + "x" * MAX_ARGUMENTS + '"}',
    '{"__class__": 1, "self": 2, "world": 3}',
    '{"buyer": "\\ud800", "buyer": "\\u0000"}',
    '{"\\u0000": 1}',
    '{"buyer": "a", "status": ["open", ["paid"]]}',
    '{"item_id": "lamp", "buyer": "\\u202e", "qty": 1}',
]
any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
texts = st.sampled_from(HOSTILE) | any_text
numbers = st.integers() | st.floats()
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from([*TOOLS, "update_sale"]) | texts
parameters = st.sampled_from(["buyer", "item_id", "itemId", "qty", "status", "sale_id", "limit"])
objects = st.dictionaries(parameters | texts, values, max_size=4)
raws = st.sampled_from(HOSTILE_ARGUMENTS) | texts | objects.map(json.dumps)
turns = st.lists(
    st.fixed_dictionaries(
        {"text": texts, "calls": st.lists(st.tuples(names, raws), max_size=3), "call_id": texts}
    ),
    max_size=4,
)
stored = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def is_storable(value):
    """Whether PostgreSQL would take it as text and as jsonb."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return "\x00" not in text and bool(text.encode())


@given(names, raws)
@example("sell", '{"buyer": "a\x00b", "itemId": "lamp"}')
def test_no_call_crashes_and_what_it_gives_can_be_stored(name, raw):
    state = WorldState(SNAPSHOT)
    before = state.hash()

    result = call_tool(state, TOOLS, name, raw)

    assert is_storable([result.tool, result.arguments, result.arguments_raw, result.note])
    assert is_storable(json.loads(result.text))
    assert len(result.tool) <= 200
    assert not result.is_error or (state.hash(), state.journal) == (before, [])


@given(turns, texts)
def test_no_text_of_an_agent_crashes_an_episode(said, prompt):
    playing = make_playing(SNAPSHOT, prompt=prompt)

    outcome = play(playing, scripted(*said), lambda steps: None)

    assert outcome.stop_reason in GRADED
    assert state_at(SNAPSHOT, playing.spec, playing.steps).hash() == outcome.state_hash
    assert all(is_storable([s.content, s.tool, s.call_id, s.result]) for s in playing.steps)


@given(values)
def test_cleaned_values_are_clean(value):
    try:
        cleaned = clean_json(value)
    except InvalidArgument:
        return

    assert clean_json(cleaned) == cleaned
    assert is_storable(cleaned)
    assert parse_object(json.dumps({"v": cleaned})) == ({"v": cleaned}, "")


@given(texts)
def test_cleaned_text_is_clean_and_no_longer(text):
    cleaned, note = clean_text(text)

    assert clean_text(cleaned) == (cleaned, "")
    assert is_storable(cleaned)
    assert (cleaned == text) is (note == "")
    assert len(cleaned) == len(text)


@pytest.mark.django_db
@given(values)
@example(-0.0)
@example([1e16, 9.007199254740993e18, 5e-324, 2.5e-7])
@stored
def test_the_database_gives_back_the_canonical_bytes(value):
    """Hashes over recorded changes rest on this: what jsonb gives back is what was written."""
    try:
        cleaned = clean_json({"v": value})
    except InvalidArgument:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb", [json.dumps(cleaned)])
        (given_back,) = cursor.fetchone()

    read = json.loads(given_back) if isinstance(given_back, str) else given_back
    assert canonical(read) == canonical(cleaned)


@pytest.mark.django_db
@given(turns, texts)
@stored
def test_every_episode_ends_is_stored_and_rebuilds_whatever_was_said(mock_world, said, prompt):
    said = json.loads(json.dumps(said))
    episode = make_episode(world=mock_world, agent=scripted(*said), prompt=prompt)

    assert run_episode(episode.pk)

    episode.refresh_from_db()
    assert episode.status == Episode.Status.ENDED
    assert episode.stop_reason in GRADED
    assert rebuild(episode).hash() == episode.state_hash
    assert rerun(episode).is_same(episode.state_hash)


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("kind", ["echo", "claims_only", "reference"])
def test_hostile_prompts_and_solutions_are_taken_by_the_agents_of_ours(mock_world, kind, text):
    solution = [{"call": text, "arguments": {text: text}}, {"message": text}]
    agent = AgentSpec(kind=kind, name=text, config={"solution": solution})

    episode = make_episode(world=mock_world, agent=agent, prompt=text, system_prompt=text)
    run_episode(episode.pk)

    episode.refresh_from_db()
    assert episode.stop_reason == "done"
    assert rebuild(episode).hash() == episode.state_hash
