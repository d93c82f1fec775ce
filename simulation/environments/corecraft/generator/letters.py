"""The words of tickets and resolutions, put together from many hand-written pieces."""

from collections.abc import Callable, Sequence

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.facts import Facts, facts_of, fill, usable
from simulation.environments.corecraft.generator.records import Resolution, Ticket
from simulation.environments.corecraft.generator.situations import Situation, by_key

_ASIDE, _SHARP, _POINTER = 24, 30, 38  # percent
_ATTEMPTS = 30


class Writer:
    """Writes letters; each piece of text is used as rarely as possible, no letter comes twice."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self._voices = texts.table("tickets/voices.toml")
        self._used: dict[tuple[str, str], int] = {}
        self._bodies: set[str] = set()

    def write(self, ticket: Ticket, situation: Situation) -> None:
        """Write subject and body of a ticket."""
        facts = facts_of(ticket)
        ticket.way = self._way(situation, facts)
        subjects = [situation.subjects[ticket.way]] if situation.paired else situation.subjects
        ticket.subject = self._say(situation.key, subjects, facts)
        for _ in range(_ATTEMPTS):
            ticket.body = _VOICES[ticket.channel](self, ticket, situation, facts)
            if ticket.body not in self._bodies:
                break
        self._bodies.add(ticket.body)

    def details(self, resolution: Resolution, situation: Situation) -> str:
        """Write what a resolution says was done."""
        ticket = resolution.ticket
        refused = ticket.refund is not None and resolution.outcome == "no_action"
        facts = facts_of(ticket)
        paired = [situation.done[ticket.way]] if situation.paired else situation.done
        answers = situation.refused if refused else paired
        return self._say(f"{situation.key} {refused}", answers, facts)

    def sentences(
        self, ticket: Ticket, situation: Situation, facts: Facts, *, lower: bool
    ) -> list[str]:
        """Give opening, what happened, perhaps an aside, and the request."""
        parts = [fill(self.dice, situation.opens[ticket.way], facts, lower=lower)]
        if not self.dice.chance(12 if ticket.channel != "chat" else 45):
            parts.append(self._say(situation.key, situation.middles, facts, lower=lower))
        request = self._say(
            situation.key, _unsaid(situation.asks, parts, facts), facts, lower=lower
        )
        told = " ".join([*parts, request])
        if ticket.order and ticket.order.id not in told and self.dice.chance(_POINTER):
            parts.append(
                self._say("pointer", self._voices["pointers"]["order"], facts, lower=lower)
            )
        if ticket.channel in ("email", "web") and self.dice.chance(_ASIDE):
            sharp = ticket.urgency > 1 and self.dice.chance(_SHARP)
            asides = self._voices["asides"]["sharp" if sharp else "any"]
            parts.append(self._say("aside", asides, facts))
        return [*parts, request]

    def _way(self, situation: Situation, facts: Facts) -> int:
        """Choose the opening, the one used least among those whose facts are known."""
        ways = [way for way, text in enumerate(situation.opens) if usable(text, facts)]
        used = {way: self._used.get((situation.key, situation.opens[way]), 0) for way in ways}
        way = min(self.dice.shuffled(ways), key=used.__getitem__)
        self._used[situation.key, situation.opens[way]] = used[way] + 1
        return way

    def email(self, ticket: Ticket, situation: Situation, facts: Facts) -> str:
        first, *rest = self.sentences(ticket, situation, facts, lower=False)
        paragraphs = [f"{first} {rest[0]}", " ".join(rest[1:])] if len(rest) > 1 else [first, *rest]
        if self.dice.chance(55):
            paragraphs = [" ".join(paragraphs)]
        name = ticket.customer.first if self.dice.chance(45) else ticket.customer.name
        greeting = self._say("greeting", self._voices["greetings"]["email"], facts)
        closing = self._say("closing", self._voices["closings"]["email"], facts)
        whole = [greeting, *paragraphs, f"{closing}\n{name}"]
        if self.dice.chance(14):
            whole = [*paragraphs, name]
        return "\n\n".join(part for part in whole if part)

    def web(self, ticket: Ticket, situation: Situation, facts: Facts) -> str:
        parts = self.sentences(ticket, situation, facts, lower=False)
        if self.dice.chance(30):
            parts.append(self._say("web", self._voices["closings"]["web"], facts))
        return " ".join(parts)

    def chat(self, ticket: Ticket, situation: Situation, facts: Facts) -> str:
        lower = self.dice.chance(55)
        parts = self.sentences(ticket, situation, facts, lower=lower)
        if self.dice.chance(60):
            parts.insert(0, self._say("chat", self._voices["greetings"]["chat"], facts))
        if self.dice.chance(40):
            parts.append(self._say("bye", self._voices["closings"]["chat"], facts))
        return "\n".join(parts)

    def phone(self, ticket: Ticket, situation: Situation, facts: Facts) -> str:
        prefix = self._say("phone", self._voices["phone"]["prefixes"], facts)
        return prefix + " ".join(self.sentences(ticket, situation, facts, lower=False))

    def _say(self, area: str, pieces: Sequence[str], facts: Facts, *, lower: bool = False) -> str:
        """Say one of the pieces whose facts are known, the one used least so far."""
        known = [piece for piece in self.dice.shuffled(pieces) if usable(piece, facts)]
        if not known:
            raise ValueError(f"{area}: no text can be said with {sorted(facts)}")
        piece = min(known, key=lambda each: self._used.get((area, each), 0))
        self._used[area, piece] = self._used.get((area, piece), 0) + 1
        return fill(self.dice, piece, facts, lower=lower)


def write_letters(draft: Draft) -> None:
    """Write every ticket that came from a situation, and every resolution of one."""
    writer = Writer(draft.dice("letters"))
    for ticket in sorted(draft.tickets, key=lambda ticket: ticket.created):
        situation = by_key().get(ticket.kind)
        if situation:
            writer.write(ticket, situation)
            if ticket.resolution:
                ticket.resolution.details = writer.details(ticket.resolution, situation)


def _unsaid(pieces: Sequence[str], parts: Sequence[str], facts: Facts) -> Sequence[str]:
    """Leave out the pieces that would name the order again."""
    if not any(facts.get("order", "\0") in part for part in parts):
        return pieces
    return [piece for piece in pieces if "{order}" not in piece] or pieces


_VOICES: dict[str, Callable[[Writer, Ticket, Situation, Facts], str]] = {
    "email": Writer.email,
    "web": Writer.web,
    "chat": Writer.chat,
    "phone": Writer.phone,
}
