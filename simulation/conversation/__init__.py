"""Simulated customers at work: whoever an agent talks to in a conversation.

What a customer is stands in simulation.customers. scripted: says prepared lines. played: a model
plays them. player: which one. talk: what was said so far. conformance: what they must not write.
"""

from collections.abc import Collection, Mapping
from typing import Any

from simulation.agents import AGENTS
from simulation.conversation.played import ModelCustomer
from simulation.conversation.player import (
    CustomerPlayer,
    PlayerSettings,
    choose_player,
    read_player,
)
from simulation.conversation.replies import Customer, CustomerFailed, Reply
from simulation.conversation.scripted import ScriptCustomer
from simulation.conversation.talk import audible, goes_on
from simulation.customers import PLAYED, ScriptedCustomer, read_customer
from simulation.errors import InvalidArgument, Problems
from simulation.transcript import AgentSpec, Spec

__all__ = [
    "Customer",
    "CustomerFailed",
    "CustomerPlayer",
    "PlayerSettings",
    "Reply",
    "audible",
    "check_can_converse",
    "choose_player",
    "customer_endpoint",
    "customer_of",
    "goes_on",
    "needs_player",
    "player_name",
    "read_player",
]
CONVERSATION = "conversation"


def customer_of(spec: Spec, tools: Collection[str] = ()) -> Customer | None:
    """Give the customer of an episode, None where there is none.

    tools: the agent's, of which a customer does not speak. Raises CustomerFailed.
    """
    if spec.mode != CONVERSATION or spec.customer is None:
        return None
    try:
        check_can_converse(spec)
        customer = read_customer(spec.customer)
        if isinstance(customer, ScriptedCustomer):
            return ScriptCustomer(customer)
        player = read_player(spec.customer_player or {})
    except InvalidArgument as error:
        raise CustomerFailed(f"the customer cannot be played: {error.message}") from None
    return ModelCustomer(customer, player, spec.seed, tools)


def needs_player(spec: Spec) -> bool:
    """Tell whether somebody has to say which model plays the customer."""
    customer = spec.customer or {}
    return spec.mode == CONVERSATION and customer.get("kind", PLAYED) == PLAYED


def customer_endpoint(spec: Spec, agent: AgentSpec) -> int | None:
    """Give the endpoint that is asked for what a customer says; None where no model plays one."""
    is_asked = needs_player(spec) and _listens(agent)
    return (spec.customer_player or {}).get("endpoint_id") if is_asked else None


def player_name(spec: Mapping[str, Any]) -> str:
    """Say who played the customer of a stored spec, "" where nobody had to."""
    player = spec.get("customer_player") or {}
    customer = spec.get("customer") or {}
    is_played = spec.get("mode") == CONVERSATION and customer.get("kind", PLAYED) == PLAYED
    return f"{player['model']} at {player['endpoint']}" if is_played and player else ""


def check_can_converse(spec: Spec, agent: AgentSpec | None = None) -> None:
    """Say what keeps a conversation from being held.

    agent: who would hold it; one that does not listen to anybody needs nobody to talk to. Raises
    InvalidArgument.
    """
    if spec.mode != CONVERSATION or (agent is not None and not _listens(agent)):
        return
    if spec.customer is None:
        raise InvalidArgument("a conversation needs a customer to talk to", field="customer")
    try:
        read_customer(spec.customer)
        if needs_player(spec) and spec.customer_player is not None:
            read_player(spec.customer_player)
    except Problems as error:
        raise InvalidArgument(f"customer: {'; '.join(error.problems)}", field="customer") from None
    if needs_player(spec) and spec.customer_player is None:
        raise InvalidArgument(
            "a model has to play the customer of this conversation: choose an endpoint and a model"
            " for customers, or write the customer as a script",
            field="customer_player",
        )


def _listens(agent: AgentSpec) -> bool:
    return bool(getattr(AGENTS[agent.kind], "converses", True))
