"""One question to the model that plays a customer, asked again once when the answer is of no use.

Whatever came of it is kept: what was paid is counted, whether it could be used or not.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from simulation.chat import ChatAnswer, ChatRequest, EndpointUnusable, ModelClient, ModelFailed
from simulation.conversation.player import CustomerPlayer
from simulation.conversation.prompts import Prompt, filled
from simulation.conversation.replies import Reply
from simulation.errors import Problems
from simulation.stops import StopReason
from simulation.text import clean_text
from simulation.transcript import Exchange

REPAIRS = 1
MOST_SEED = 2**31
KEPT = 4000  # characters of an answer that was refused
UNFINISHED = {
    "length": "it was cut off because it is too long; write less",
    "content_filter": "a content filter of the server stopped it",
}
Message = Mapping[str, str]
Value = TypeVar("Value")


@dataclass(kw_only=True)
class Heard(Generic[Value]):
    """What a question gave. value: None when nothing could be used, and then `failure` says why."""

    value: Value | None = None
    failure: str = ""
    tokens: Counter[str] = field(default_factory=Counter)
    cost: Decimal = Decimal(0)
    exchange: Exchange = field(default_factory=lambda: Exchange())
    notes: list[str] = field(default_factory=list)

    def reply(self, text: str = "", *, note: str = "", **exchange: Any) -> Reply:
        """Make the customer's step of it."""
        kept: Any = {**self.exchange, **exchange}
        return Reply(
            text=text,
            tokens=dict(self.tokens),
            cost=self.cost,
            exchange=kept,
            note="; ".join(filter(None, (note, *self.notes))),
        )

    def failed(self) -> Reply:
        """Make the step of a customer who could not be played: it ends the episode."""
        return self.reply(stop=StopReason.CUSTOMER_FAILED.value, detail=self.failure)

    def add(self, answer: ChatAnswer) -> None:
        self.tokens.update({kind: n for kind, n in asdict(answer.usage).items() if n})
        self.cost += answer.cost
        self.exchange["model"], self.exchange["finish"] = answer.model, answer.finish_reason
        self.notes.extend(note for note in answer.notes if note not in self.notes)
        self.keep_attempts(answer.attempts)

    def keep_attempts(self, attempts: Sequence[Any]) -> None:
        if any(attempt.error for attempt in attempts):
            kept = self.exchange.setdefault("attempts", [])
            kept.extend(asdict(attempt) for attempt in attempts)

    def refuse(self, text: str, problems: Sequence[str]) -> None:
        refused = self.exchange.setdefault("refused", [])
        said = clean_text(text, limit=KEPT)[0]
        lines = [clean_text(line, limit=KEPT)[0] for line in problems]
        refused.append({"text": said, "problems": lines})
        self.notes.append(f"refused: {'; '.join(lines)}")


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Whom to ask, and how. seed: of the episode."""

    client: ModelClient
    player: CustomerPlayer
    prompt: Prompt
    seed: int

    def ask(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        read: Callable[[str], Value],
    ) -> Heard[Value]:
        """read: raises Problems for an answer that is of no use.

        Raises EndpointUnusable for what a person has to mend.
        """
        heard: Heard[Value] = Heard()
        for _ in range(1 + REPAIRS):
            try:
                answer = self.client.ask(self._request(messages, schema))
            except ModelFailed as failure:
                if failure.needs_admin:
                    raise EndpointUnusable(failure.message) from failure
                heard.keep_attempts(failure.attempts)
                heard.failure = f"the customer's model gave no answer: {failure.message}"
                return heard
            heard.add(answer)
            try:
                heard.value = _read(answer, read)
            except Problems as error:
                heard.refuse(answer.text, error.problems)
                messages = [*messages, *self._again(answer.text, error.problems)]
                wrong = "; ".join(error.problems)
            else:
                return heard
        heard.failure = f"the customer's answer could not be used, nor could a second one: {wrong}"
        return heard

    def _request(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> ChatRequest:
        settings = self.player.settings
        return ChatRequest(
            model=self.player.model,
            messages=tuple(messages),
            response_schema=schema,
            schema_name="customer",
            temperature=settings.temperature,
            max_tokens=settings.max_output_tokens,
            seed=self.seed % MOST_SEED if settings.seeded else None,
        )

    def _again(self, text: str, problems: Sequence[str]) -> list[Message]:
        listed = "\n".join(f"- {problem}" for problem in problems)
        mend = filled(self.prompt.mend, problems=listed)
        return [
            {"role": "assistant", "content": text or "(nothing)"},
            {"role": "user", "content": mend},
        ]


def _read(answer: ChatAnswer, read: Callable[[str], Value]) -> Value:
    if unfinished := UNFINISHED.get(answer.finish_reason):
        raise Problems([unfinished])
    return read(answer.text)
