"""What a customer may speak of at some point of a conversation, and what not yet."""

from collections.abc import Collection

from simulation.conversation.conformance import LONGEST, Bounds
from simulation.conversation.talk import Talk
from simulation.customers import PlayedCustomer, WithheldFact


def withheld_from(talk: Talk, customer: PlayedCustomer) -> list[WithheldFact]:
    """Give the facts that nobody has asked about."""
    return [fact for fact in customer.facts_withheld if fact.topic not in talk.revealed]


def told_in(talk: Talk, customer: PlayedCustomer) -> list[str]:
    """Give those that somebody has, as "topic: fact"."""
    facts = customer.facts_withheld
    return [f"{each.topic}: {each.fact}" for each in facts if each.topic in talk.revealed]


def bounds_of(talk: Talk, customer: PlayedCustomer, tools: Collection[str]) -> Bounds:
    """Give the bounds of what the customer says next. tools: names that the agent alone knows."""
    told = told_in(talk, customer)
    own = [line.text for line in talk.lines if line.is_own]
    known = (customer.persona, customer.goal, *customer.facts_known, *told, *own)
    return Bounds(
        known="\n".join(known),
        heard="\n".join(line.text for line in talk.lines if not line.is_own),
        withheld=tuple(fact.fact for fact in withheld_from(talk, customer)),
        tools=tools,
        longest=LONGEST + sum(map(len, told)),
    )
