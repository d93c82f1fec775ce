"""One small question to a model, and how it went: does it answer at all?"""

from copy import copy
from dataclasses import asdict, dataclass
from decimal import Decimal

from simulation.agent_settings import AgentSettings
from simulation.agents.messages import Message, words
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
from simulation.chat.prices import price_of
from simulation.models import AgentConfiguration, ModelEndpoint
from simulation.pages import shortened

SHOWN = 600  # characters of an answer
QUESTION = "Answer with the single word ready."
TOKENS = 2000  # models that reason need some before their first word
SEED = 1
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
    went wrong; nothing of the key. has_price: the endpoint knows what this model costs."""

    answer: ChatAnswer | None
    message: str
    text: str
    waits: tuple[float, ...]
    has_price: bool

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


def try_endpoint(endpoint: ModelEndpoint, model: str) -> Trial:
    request = ChatRequest(model=model, messages=_messages(), max_tokens=TOKENS)
    return _ask_once(endpoint, request)


def try_agent(agent: AgentConfiguration) -> Trial:
    """Ask as the agent would, with its own settings and instructions, though without tools."""
    settings: AgentSettings = agent.value
    request = ChatRequest(
        model=agent.model,
        messages=_messages(settings.instructions),
        temperature=settings.temperature,
        max_tokens=settings.max_output_tokens or TOKENS,
        seed=SEED if settings.seeded else None,
        extra=settings.extra,
    )
    return _ask_once(agent.endpoint, request)


def _messages(instructions: str = "") -> tuple[Message, ...]:
    question = words("user", QUESTION)
    return (words("system", instructions), question) if instructions else (question,)


def _ask_once(endpoint: ModelEndpoint, request: ChatRequest) -> Trial:
    asked = copy(endpoint)  # whoever looks on is shown the endpoint as it is stored
    asked.timeout_s = min(endpoint.timeout_s, LONGEST_TEST)
    has_price = price_of(endpoint.prices, request.model) is not None
    try:
        answer = client_for(asked, retries=Retries(most=1)).ask(request)
    except ModelFailed as failure:
        return Trial(
            answer=None,
            message=MEANINGS.get(type(failure), NO_USE),
            text=f"{failure.message}.",
            waits=tuple(attempt.duration_ms for attempt in failure.attempts),
            has_price=has_price,
        )
    return Trial(
        answer=answer,
        message=ANSWERS,
        text=shortened(answer.text, SHOWN),
        waits=(answer.duration_ms,),
        has_price=has_price,
    )
