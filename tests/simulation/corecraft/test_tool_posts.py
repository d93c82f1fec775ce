import pytest

from simulation.snapshots import from_document
from simulation.state import WorldState

from .shop import ENTITIES, NOW, SNAPSHOT, changes
from .worlds import AGENT, document


@pytest.fixture(scope="module")
def snapshot():
    return SNAPSHOT


def test_a_message_is_the_agents(call, world):
    row = call(
        "postSlackMessage", channel="support-desk", text="Done.", ticket_id="tick-250902-001"
    )

    assert row == {
        "id": "slack-250915-001",
        "channelId": "c-1",
        "authorId": AGENT,
        "text": "Done.",
        "ticketId": "tick-250902-001",
        "timestamp": NOW,
    }
    assert changes(world) == {"slack-250915-001": row}


@pytest.mark.parametrize(
    ("channel", "found"),
    [
        ("c-2", "c-2"),
        ("SUPPORT-DESK", "c-1"),
        ("#support-desk", "c-1"),
        ("strasse", "c-3"),
        ("Straße", "c-3"),
    ],
)
def test_a_channel_goes_by_its_id_or_its_name(channel, found, call):
    row = call("postSlackMessage", channel=channel, text="Hi")

    assert row["channelId"] == found
    assert "ticketId" not in row


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"channel": "support"}, "not_found", "channel"),
        ({"channel": "support desk"}, "not_found", "channel"),
        ({"channel": ""}, "invalid_argument", "channel"),
        ({"channel": None}, "invalid_argument", "channel"),
        ({"text": ""}, "invalid_argument", "text"),
        ({"text": None}, "invalid_argument", "text"),
        ({"text": "x" * 100_001}, "invalid_argument", "text"),
        ({"ticket_id": "tick-0"}, "not_found", "ticket_id"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_message_that_cannot_be_posted_leaves_no_trace(arguments, code, field, call, world):
    error = call("postSlackMessage", **{"channel": "c-1", "text": "Hi"} | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


@pytest.mark.parametrize("agent", ["", "nobody"])
def test_without_an_agent_there_is_no_author(agent):
    world = WorldState(from_document(document(ENTITIES, agent=agent)))
    tool = world.snapshot.company.tools["postSlackMessage"]

    with pytest.raises(Exception, match="nobody could be the author") as refused:
        tool.call(world, {"channel": "c-1", "text": "Hi"})
    assert refused.value.code == "conflict"
