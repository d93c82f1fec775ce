"""One short question to an endpoint, and how it went."""

from copy import copy
from dataclasses import asdict, dataclass
from decimal import Decimal

from simulation.chat import (
    ChatAnswer,
    ChatRequest,
    ContextOverflow,
    ModelFailed,
    ModelRefusedRequest,
    ModelUnavailable,
    ModelUnreadable,
    Retries,
    client_for,
)
from simulation.models import ModelEndpoint
from simulation.pages import shortened

SHOWN = 600  # characters of an answer
QUESTION = "Answer with the single word ready."
TOKENS = 2000  # models that reason need some before their first word
LONGEST_TEST = 30  # seconds that who asks waits
ANSWERS = "The model answers."
NO_USE = "It cannot be asked as things are."
MEANINGS: dict[type[ModelFailed], str] = {
    ContextOverflow: "The model reads fewer words than this question has.",
    ModelRefusedRequest: "The server was reached and refuses: look at the key and the model.",
    ModelUnavailable: "The server gave no answer: is it running, and is the address right?",
    ModelUnreadable: "Something answers at this address, but no model's server.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """answer: None where none came. message: what it means. text: what the model said, or what
    went wrong; nothing of the key."""

    answer: ChatAnswer | None
    message: str
    text: str
    waits: tuple[float, ...]

    @property
    def answers(self) -> bool:
        return self.answer is not None

    @property
    def duration_ms(self) -> float:
        return sum(self.waits)

    @property
    def usage(self) -> dict[str, int]:
        return asdict(self.answer.usage) if self.answer else {}

    @property
    def cost(self) -> Decimal:
        return self.answer.cost if self.answer else Decimal(0)


def ask_once(endpoint: ModelEndpoint, model: str) -> Trial:
    """Ask a tiny question, once, and tell how it went."""
    asked = copy(endpoint)  # whoever looks on is shown the endpoint as it is stored
    asked.timeout_s = min(endpoint.timeout_s, LONGEST_TEST)
    messages = ({"role": "user", "content": QUESTION},)
    request = ChatRequest(model=model, messages=messages, max_tokens=TOKENS)
    try:
        answer = client_for(asked, retries=Retries(most=1)).ask(request)
    except ModelFailed as failure:
        return Trial(
            answer=None,
            message=MEANINGS.get(type(failure), NO_USE),
            text=f"{failure.message}.",
            waits=tuple(attempt.duration_ms for attempt in failure.attempts),
        )
    text = shortened(answer.text, SHOWN)
    return Trial(answer=answer, message=ANSWERS, text=text, waits=(answer.duration_ms,))
