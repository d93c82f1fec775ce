"""One small question to a model, and how it went in words: does it answer at all?"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from simulation.agent_settings import AgentSettings
from simulation.agents.messages import Message, words
from simulation.chat import (
    Attempt,
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
from simulation.pages import Fact, Tone, shortened
from simulation.wording import milliseconds, usd

SHOWN = 600  # characters of an answer
QUESTION = "Answer with the single word ready."
TOKENS = 2000  # models that reason need some before their first word
SEED = 1
LONGEST_TEST = 30  # seconds that a page waits
MEANINGS: dict[type[ModelFailed], str] = {
    ContextOverflow: "The model reads fewer words than this question has.",
    ModelRefusedRequest: "The server was reached and refuses: look at the key and the model.",
    ModelUnavailable: "The server gave no answer: is it running, and is the address right?",
    ModelUnreadable: "Something answers at this address, but no model's server.",
}
NO_USE = "It cannot be asked as things are."


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How one question went. facts: model, latency, tokens, cost; nothing of the key."""

    tone: Tone
    title: str
    text: str
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()


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
    asked = copy(endpoint)  # the page shows the endpoint as it is stored
    asked.timeout_s = min(endpoint.timeout_s, LONGEST_TEST)
    try:
        answer = client_for(asked, retries=Retries(most=1)).ask(request)
    except ModelFailed as failure:
        meaning = MEANINGS.get(type(failure), NO_USE)
        return Trial(
            tone="bad",
            title=meaning,
            text=f"{failure.message}.",
            facts=tuple(_latency(failure.attempts)),
        )
    return _success(answer, has_price=price_of(endpoint.prices, request.model) is not None)


def _success(answer: ChatAnswer, *, has_price: bool) -> Trial:
    usage = answer.usage
    facts = (
        Fact(label="Answer after", value=milliseconds(answer.duration_ms)),
        Fact(label="Model", value=answer.model),
        Fact(label="Tokens", value=f"{usage.prompt:,} in, {usage.completion:,} out"),
        Fact(label="Cost", value=usd(answer.cost) if has_price else "no price known"),
    )
    text = shortened(answer.text, SHOWN)
    said = f"It says: {text}" if text else "It says nothing, which servers may."
    return Trial(
        tone="good", title="The model answers.", text=said, facts=facts, notes=answer.notes
    )


def _latency(attempts: Iterable[Attempt]) -> Iterable[Fact]:
    for attempt in attempts:
        yield Fact(label="Given up after", value=milliseconds(attempt.duration_ms))
