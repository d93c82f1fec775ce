"""Tickets that are about a build: the one that was ordered, or one made to ask about."""

from collections.abc import Iterable, Sequence

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.builds import draw_parts, may_belong_to, save
from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.records import Ticket

ABOUT_A_BUILD = 75  # percent of the questions that may be asked about a saved build
# what a question of a kind needs in its build beside the product in question
_ASKED = {
    "first_build": ("motherboard", "memory", "storage", "case"),
    "board_choice": ("cpu",),
    "gpu_for_psu": ("cpu", "motherboard", "memory", "psu"),
    "ram_choice": ("motherboard", "cpu"),
    "cooler_choice": ("cpu", "motherboard", "case"),
    "am4_upgrade": ("motherboard", "memory"),
}
_ABOUT_PARTS = ("troubleshooting", "return")


def link_builds(draft: Draft) -> None:
    """Say of tickets about parts of a build which build it is."""
    dice = draft.dice("builds of tickets")
    for ticket in draft.tickets:
        if ticket.order and ticket.type in _ABOUT_PARTS:
            build = ticket.order.build
            ticket.build = build if build and ticket.product in build.parts else None
        elif ticket.kind in _ASKED and dice.chance(ABOUT_A_BUILD):
            _save_for(draft, dice, ticket)


def _save_for(draft: Draft, dice: Dice, ticket: Ticket) -> None:
    """Save the build that a question is about, some days before it is asked."""
    span = may_belong_to(ticket.customer, ticket.created, 12)
    parts = _parts(draft, dice, ticket)
    if span is None or len(parts) < 2:
        return
    ticket.build = save(dice, parts, ticket.customer, span)
    draft.builds.append(ticket.build)


def _parts(draft: Draft, dice: Dice, ticket: Ticket) -> list[Product]:
    """Put together what the ticket and its answer mention, and what else is in such a build."""
    product = [ticket.product] if ticket.product else []
    given = [*product, *_mentioned(draft, ticket, product)]
    missing = [
        category
        for category in _ASKED[ticket.kind]
        if all(part.category != category for part in given)
    ]
    return draw_parts(dice, draft.catalogue, missing, given)


def _mentioned(draft: Draft, ticket: Ticket, known: Sequence[Product]) -> Iterable[Product]:
    answer = ticket.resolution.details if ticket.resolution else ""
    told = f"{ticket.subject} {ticket.body} {answer}"
    taken = {part.category for part in known}
    for words, names in texts.table("builds.toml")["mentioned"].items():
        for part in map(draft.catalogue.get, names if words in told else ()):
            if part.category not in taken:
                taken.add(part.category)
                yield part
