"""Customers whom a model plays, in two stages: what were they asked about, and what do they say.

What is withheld is never among what the model is told, until an agent's message has been found to
ask about it. That finding is a step of its own, so that it is stored before the customer speaks.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar

from simulation.chat import PATIENT, EndpointUnusable, ModelFailed, Pace, Retries, client_for
from simulation.conversation.answers import (
    Hearing,
    Saying,
    hearing_schema,
    read_hearing,
    read_saying,
    saying_schema,
)
from simulation.conversation.asking import Asker, Message
from simulation.conversation.conformance import Bounds, breaches
from simulation.conversation.knowledge import bounds_of, told_in, withheld_from
from simulation.conversation.player import CustomerPlayer
from simulation.conversation.prompts import PROMPTS, filled
from simulation.conversation.replies import Reply
from simulation.conversation.scripted import out_of_patience
from simulation.conversation.talk import Line, Talk
from simulation.customers import PlayedCustomer, WithheldFact
from simulation.errors import Problems
from simulation.fences import OURS, cut, fenced, harmless, lines_of, nonce_of
from simulation.models import ModelEndpoint
from simulation.stops import StopReason
from simulation.transcript import StepRecord
from simulation.wording import listed

MESSAGE_LIMIT = 6000  # characters of one message that are shown
MESSAGES_SHOWN = 40  # of a long conversation, the last ones
SATISFIED = "the customer is satisfied"
GIVES_UP = "the customer's patience ended"
WROTE = {True: "You wrote:", False: "The employee wrote:"}
NO_FACTS = "- nothing but what you want"


class ModelCustomer:
    """retries, pace: how the model is asked again, and what time is."""

    retries: ClassVar[Retries] = PATIENT
    pace: ClassVar[Pace] = Pace()

    def __init__(
        self, customer: PlayedCustomer, player: CustomerPlayer, seed: int, tools: Collection[str]
    ) -> None:
        self._customer, self._player = customer, player
        self._seed, self._tools = seed, tools
        self._prompt = PROMPTS[player.prompt]

    def reply(self, steps: Sequence[StepRecord]) -> Reply:
        talk = Talk(steps)
        is_last = talk.own >= self._customer.patience
        withheld = withheld_from(talk, self._customer)
        if withheld and talk.asked and not talk.is_heard and not is_last:
            return self._hear(talk, withheld)
        return self._speak(talk, is_last=is_last)

    @cached_property
    def _asker(self) -> Asker:
        endpoint = ModelEndpoint.objects.filter(pk=self._player.endpoint_id).first()
        if endpoint is None:
            raise EndpointUnusable(f"the endpoint {self._player.endpoint} is there no more")
        try:
            client = client_for(endpoint, retries=self.retries, pace=self.pace)
        except ModelFailed as failure:
            raise EndpointUnusable(failure.message) from failure
        return Asker(client=client, player=self._player, prompt=self._prompt, seed=self._seed)

    def _hear(self, talk: Talk, withheld: Sequence[WithheldFact]) -> Reply:
        topics = [fact.topic for fact in withheld]
        message = _shown(talk.asked)
        heard = self._asker.ask(
            self._hearing(talk, topics),
            hearing_schema(len(topics)),
            lambda answer: read_hearing(answer, message, topics),
        )
        if heard.value is None:
            return heard.failed()
        asked = _asked(heard.value, topics)
        found = listed([topic for topic, _ in asked]) or "nothing that is withheld"
        return heard.reply(
            note=f"asked about {found}",
            goes_on=True,
            revealed=[topic for topic, _ in asked],
            quotes=[quote for _, quote in asked],
            prompt=self._player.prompt,
        )

    def _hearing(self, talk: Talk, topics: Sequence[str]) -> list[Message]:
        numbered = "\n".join(f"{n}. {harmless(topic)}" for n, topic in enumerate(topics, 1))
        lines = [Line(True, talk.before)] if talk.before else []
        form = filled(self._prompt.hear_form, topics=numbered)
        return self._messages(self._prompt.hear, [*lines, Line(False, talk.asked)], [form])

    def _speak(self, talk: Talk, *, is_last: bool) -> Reply:
        bounds = bounds_of(talk, self._customer, self._tools)
        heard = self._asker.ask(
            self._speaking(talk, is_last=is_last),
            saying_schema(),
            lambda answer: _within(read_saying(answer), bounds),
        )
        if heard.value is None:
            return heard.failed()
        said = heard.value
        heard.exchange["prompt"] = self._player.prompt
        if said.why:
            heard.exchange["why"] = said.why
        return heard.reply(said.says.strip(), **self._end(said, is_last=is_last))

    def _end(self, said: Saying, *, is_last: bool) -> dict[str, Any]:
        if said.ends == "satisfied":
            return {"ends": True, "detail": SATISFIED}
        if not is_last and said.ends == "no":
            return {}
        why = out_of_patience(self._customer.patience) if is_last else GIVES_UP
        return {"ends": True, "stop": StopReason.GAVE_UP.value, "detail": why}

    def _speaking(self, talk: Talk, *, is_last: bool) -> list[Message]:
        facts = [*self._customer.facts_known, *told_in(talk, self._customer)]
        who = filled(
            self._prompt.speak,
            persona=harmless(self._customer.persona),
            goal=harmless(self._customer.goal),
            facts="\n".join(f"- {harmless(fact)}" for fact in facts) or NO_FACTS,
        )
        now = talk.exchanges[-1].get("revealed", ()) if talk.is_heard else ()
        after = [filled(self._prompt.told, topics=harmless(listed(now)))] if now else []
        after += [self._prompt.last] if is_last else []
        lines = talk.lines[-MESSAGES_SHOWN:]
        silent = [] if talk.asked else [Line(False, "")]
        return self._messages(who, [*lines, *silent], [*after, self._prompt.speak_form])

    def _messages(self, system: str, lines: Sequence[Line], after: Iterable[str]) -> list[Message]:
        body = lines_of([text for line in lines for text in _told_line(line)])
        asked = "\n\n".join(after)
        nonce = nonce_of("customer", system, body, asked)
        guard = filled(self._prompt.guard, nonce=nonce)
        shown = fenced(body, name="conversation", nonce=nonce)
        return [
            {"role": "system", "content": f"{system}\n\n{guard}"},
            {"role": "user", "content": f"The conversation:\n{shown}\n\n{asked}"},
        ]


def _within(saying: Saying, bounds: Bounds) -> Saying:
    """Raises Problems that name every breach."""
    if found := breaches(saying.says, bounds):
        raise Problems(found)
    return saying


def _asked(hearing: Hearing, topics: Sequence[str]) -> list[tuple[str, str]]:
    return [(topics[item.topic - 1], item.quote) for item in hearing.asked]


def _shown(text: str) -> str:
    return cut(harmless(text), MESSAGE_LIMIT)


def _told_line(line: Line) -> tuple[str, str]:
    nothing = f"{OURS}(nothing)"
    return OURS + WROTE[line.is_own], _shown(line.text) or nothing
