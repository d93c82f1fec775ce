"""Write to colleagues in the company's chat."""

from simulation.entities import Row
from simulation.environments.corecraft.tools.chat import channels_called
from simulation.environments.corecraft.tools.parameters import Text
from simulation.environments.corecraft.tools.references import need_given
from simulation.errors import Conflict, NotFound
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import Id


@tool(writes=True, toolsets=())
def post_slack_message(
    world: WorldState, *, channel: Id, text: Text, ticket_id: Id | None = None
) -> Row:
    """Post a message in a channel of the company's chat. Answers with the message.

    channel: its name or its id, ignoring case, with or without #
    ticket_id: the support ticket that the message is about
    """
    found = [channel] if world.get("slack_channel", channel) else channels_called(world, channel)
    if not found:
        raise NotFound(f"there is no channel {channel!r}", field="channel")
    need_given(world, "support_ticket", ticket_id, field="ticket_id")
    author = world.agent_employee_id
    if world.get("employee", author) is None:
        raise Conflict("you are no employee in this world: nobody could be the author")
    fields = {"channelId": min(found), "authorId": author, "text": text, "ticketId": ticket_id}
    return world.create("slack_message", fields)
