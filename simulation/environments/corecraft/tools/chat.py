"""Find messages of the company's chat."""

from simulation.entities import Row
from simulation.environments.corecraft.tools.conditions import contains, every, folded, within
from simulation.environments.corecraft.tools.parameters import Text
from simulation.snapshots import newest_first
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id

_NEWEST = newest_first("timestamp")


@tool(writes=False)
def search_slack_messages(
    world: WorldState,
    *,
    text: Text | None = None,
    channel: Text | None = None,
    author_id: Id | None = None,
    ticket_id: Id | None = None,
    sent_after: After | None = None,
    sent_before: Before | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find messages of the company's chat; all conditions given must hold. Sorted newest first.

    text: part of the message, ignoring case
    channel: the whole name or the id of a channel, ignoring case, with or without #
    author_id: the employee who wrote it
    ticket_id: the support ticket that it is about
    """
    where = every(
        contains(world, "slack_message", folded("text"), text),
        within("timestamp", sent_after, sent_before),
    )
    equals = {
        "channelId": None if channel is None else channels_called(world, channel),
        "authorId": author_id,
        "ticketId": ticket_id,
    }
    return world.search("slack_message", order=_NEWEST, equals=equals, where=where, limit=limit)


def channels_called(world: WorldState, channel: str) -> list[str]:
    """Give the ids of the channels that are called so, by id or name; a leading # is ignored."""
    wanted = _plain(channel)
    rows = world.rows("slack_channel")
    return [row["id"] for row in rows if wanted in (_plain(row["id"]), _plain(row["name"]))]


def _plain(channel: str) -> str:
    return channel.removeprefix("#").casefold()
