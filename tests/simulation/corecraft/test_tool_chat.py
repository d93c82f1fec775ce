import pytest

from .worlds import AFTER_CLOCK, AGENT, make_message, snapshot_with

TICKET = "tick-250901-001"
CHANNELS = {
    "desk": {"name": "Support Desk", "purpose": "Questions", "members": [AGENT]},
    "c-42": {"name": "#finance", "purpose": "Money", "members": []},
    "old": {"name": "desk", "purpose": "The one before", "members": []},
}
MESSAGES = {
    "m-1": make_message("2025-08-31T23:59:59.5Z", text="Großer Rückruf", authorId="bo-lead"),
    "m-2": make_message("2025-09-01T00:00:00Z", text="RECALL of the Gale", ticketId=TICKET),
    "m-3": make_message("2025-09-01T00:00:00Z", channelId="c-42", text="recall costs"),
    "m-4": make_message("2025-09-15T19:00:00Z", channelId="old", text="Lunch?"),
    "m-5": make_message(AFTER_CLOCK, text="recall is over"),
}
FIRST, RECALL, COSTS, LUNCH = "m-1", "m-2", "m-3", "m-4"


@pytest.fixture(scope="module")
def snapshot():
    return snapshot_with(slack_channel=CHANNELS, slack_message=MESSAGES)


def test_messages_come_newest_first_then_by_id(ids):
    assert ids("searchSlackMessages") == [LUNCH, RECALL, COSTS, FIRST]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"text": "recall"}, [RECALL, COSTS]),
        ({"text": "GROSSER"}, [FIRST]),
        ({"text": "over"}, []),
        ({"channel": "c-42"}, [COSTS]),
        ({"channel": "C-42"}, [COSTS]),
        ({"channel": "finance"}, [COSTS]),
        ({"channel": "#Finance"}, [COSTS]),
        ({"channel": "support desk"}, [RECALL, FIRST]),
        ({"channel": "#SUPPORT DESK"}, [RECALL, FIRST]),
        ({"channel": "supportdesk"}, []),
        ({"channel": "support"}, []),
        ({"channel": "#"}, []),
        ({"channel": "nowhere"}, []),
        ({"channel": "desk"}, [LUNCH, RECALL, FIRST]),
        ({"author_id": "bo-lead"}, [FIRST]),
        ({"author_id": "bo"}, []),
        ({"ticket_id": TICKET}, [RECALL]),
        ({"sent_after": "2025-09-01"}, [LUNCH, RECALL, COSTS]),
        ({"sent_before": "2025-08-31"}, [FIRST]),
        ({"sent_before": "2025-08-31T23:59:59Z"}, []),
        ({"sent_after": "2025-09-01", "sent_before": "2025-09-01"}, [RECALL, COSTS]),
        ({"sent_after": "2025-09-15T19:00:00Z"}, [LUNCH]),
        ({"text": "recall", "channel": "finance", "author_id": AGENT}, [COSTS]),
        ({"text": "recall", "limit": 1}, [RECALL]),
    ],
    ids=str,
)
def test_conditions_on_messages(conditions, found, ids):
    assert ids("searchSlackMessages", **conditions) == found


def test_a_found_message_is_the_whole_row(call):
    assert call("searchSlackMessages", ticket_id=TICKET) == [{"id": RECALL, **MESSAGES[RECALL]}]


def test_what_is_posted_in_the_episode_is_found_too(ids, world):
    fields = {"channelId": "c-42", "authorId": AGENT, "text": "Booked."}

    key = world.create("slack_message", fields)["id"]

    assert ids("searchSlackMessages", channel="finance") == [key, COSTS]
