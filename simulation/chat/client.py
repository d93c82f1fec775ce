"""An endpoint as a client: requests, retries, answers, costs."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulation.chat.answers import (
    MAX_NAME,
    Boundary,
    Message,
    is_filtered,
    is_overflow,
    meant_status,
    read_message,
    said,
)
from simulation.chat.body import asks_in_words, written
from simulation.chat.capabilities import Capabilities
from simulation.chat.counting import counted
from simulation.chat.exchange import (
    CUT_OFF,
    Attempt,
    ChatAnswer,
    ChatRequest,
    ModelClient,
    ToolCall,
)
from simulation.chat.failures import (
    ContentRefused,
    ContextOverflow,
    ModelFailed,
    ModelRefusedRequest,
    ModelUnavailable,
    ModelUnreadable,
)
from simulation.chat.json_calls import read_answer
from simulation.chat.prices import price_of
from simulation.chat.retries import Pace, Retries, is_passing, retry_after

if TYPE_CHECKING:
    from simulation.chat.wire import Received
    from simulation.models import ModelEndpoint

TO_MEND = frozenset({401, 402, 403, 404, 407})  # key, account, address, model
USUAL, REAL = Retries(), Pace()
_KEY = re.compile(r"[!-~]{1,4000}")


def client_for(
    endpoint: "ModelEndpoint", *, retries: Retries = USUAL, pace: Pace = REAL
) -> ModelClient:
    """Give the client of an endpoint; it may be shared by threads.

    Raises ModelFailed that needs an admin when the endpoint is switched off, or its key is not
    there to be used.
    """
    if not endpoint.is_active:
        raise ModelFailed(f"the endpoint {endpoint.name} is switched off", needs_admin=True)
    return _Client(
        name=endpoint.name,
        address=endpoint.base_url,
        key=_key(endpoint),
        can=Capabilities.model_validate(endpoint.capabilities),
        prices=endpoint.prices,
        connect_s=endpoint.connect_timeout_s,
        answer_s=endpoint.timeout_s,
        retries=retries,
        pace=pace,
    )


def key_of(variable: str) -> str:
    """Read a key from the environment of this process, "" when it is not set."""
    return os.environ.get(variable, "").strip() if variable else ""


def _key(endpoint: "ModelEndpoint") -> str:
    key = key_of(endpoint.key_variable)
    if endpoint.key_variable and not key:
        raise ModelFailed(
            f"{endpoint.key_variable}, the key of the endpoint {endpoint.name}, is not set here;"
            " set it for web and workers and start them again",
            needs_admin=True,
        )
    if key and not _KEY.fullmatch(key):
        words = f"{endpoint.key_variable} holds spaces or characters that no key has"
        raise ModelFailed(words, needs_admin=True)
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class _Client:
    name: str
    address: str
    key: str = field(repr=False)
    can: Capabilities
    prices: Mapping[str, Any]
    connect_s: float
    answer_s: float
    retries: Retries
    pace: Pace

    def ask(self, request: ChatRequest) -> ChatAnswer:
        body, boundary = written(request, self.can), Boundary(self.key)
        asking = _Asking(self, body, boundary, self.pace.seconds())
        answer = counted(self.name, asking.answer)
        if not asks_in_words(request, self.can):
            return answer
        return _said_in_words(answer, boundary)

    def send(self, body: Mapping[str, Any]) -> "Received":
        """Send a request once. Raises ModelFailed where sending it again cannot help."""
        # The SDK takes half a second to load; commands and pages that ask no model do without.
        from simulation.chat import providers, wire

        timeouts = wire.Timeouts(self.connect_s, self.answer_s)
        if self.can.provider:
            return providers.post_to(self.can.provider, self.address, self.key, body, timeouts)
        return wire.post(self.address, self.key, body, timeouts)


def _said_in_words(answer: ChatAnswer, boundary: Boundary) -> ChatAnswer:
    """Read the calls out of the words. What was escaped in them passes the boundary for itself."""
    text, calls = read_answer(answer.text, is_whole=answer.finish_reason not in CUT_OFF)
    cleaned = [
        ToolCall(
            call.id,
            boundary.text(call.name, "tool name", limit=MAX_NAME),
            boundary.text(call.arguments_raw, "arguments"),
        )
        for call in calls
    ]
    text = boundary.text(text, "text")
    return replace(answer, text=text, tool_calls=tuple(cleaned), notes=tuple(boundary.notes))


@dataclass(slots=True)
class _Asking:
    """One question on its way: what was tried, and since when."""

    client: _Client
    body: Mapping[str, Any]
    boundary: Boundary
    started: float
    attempts: list[Attempt] = field(default_factory=list)

    def answer(self) -> ChatAnswer:
        waited = 0.0
        while True:
            received = self._try(waited)
            if received.status is not None and 200 <= received.status < 300:
                return self._answer(received)
            if not is_passing(received.status):
                raise self._refusal(received)
            waited = self._wait(received)

    def _try(self, waited: float) -> "Received":
        """Send the request once and keep what became of it."""
        start = self._seconds()
        try:
            received = self.client.send(self.body)
        except ModelFailed as failure:
            message = self.boundary.text(failure.message, "error")
            self._keep(None, message, waited, start)
            raise self._failed(type(failure), message, needs_admin=failure.needs_admin) from None
        received = replace(received, status=meant_status(received.status, received.body))
        error = received.error
        if received.status is not None and not 200 <= received.status < 300:
            words = said(received.body, self.boundary)
            error = f"HTTP {received.status}: {words}" if words else f"HTTP {received.status}"
        self._keep(received.status, self.boundary.text(error, "error"), waited, start)
        return received

    def _seconds(self) -> float:
        return self.client.pace.seconds() - self.started

    def _keep(self, status: int | None, error: str, waited: float, start: float) -> None:
        duration = round((self._seconds() - start) * 1000, 3)
        self.attempts.append(Attempt(status, error, waited, duration))

    def _wait(self, received: "Received") -> float:
        """Wait before the next try; gives how long. Raises ModelUnavailable when there is none."""
        retries, pace, tries = self.client.retries, self.client.pace, len(self.attempts)
        asked = retry_after(received.headers.get("retry-after", ""), pace.now())
        wait = retries.wait(tries, asked, pace.random())
        if why_not := retries.why_not(tries, self._seconds(), wait):
            raise self._failed(ModelUnavailable, f"{self.attempts[-1].error} ({why_not})")
        pace.sleep(wait)
        return round(wait, 3)

    def _refusal(self, received: "Received") -> ModelFailed:
        status, error = received.status, self.attempts[-1].error
        if status is not None and status < 400:
            told = "redirects are not followed; write the address where it ends into the endpoint"
            return self._failed(ModelUnreadable, f"HTTP {status}: {told}", needs_admin=True)
        if is_overflow(status, error):
            return self._failed(ContextOverflow, error)
        if is_filtered(error):
            return self._failed(ContentRefused, error)
        return self._failed(ModelRefusedRequest, error, needs_admin=status in TO_MEND)

    def _answer(self, received: "Received") -> ChatAnswer:
        try:
            message = read_message(received.body, self.boundary)
        except ModelUnreadable as failure:
            raise self._failed(ModelUnreadable, failure.message) from None
        return ChatAnswer(
            text=message.text,
            tool_calls=message.tool_calls,
            finish_reason=message.finish_reason,
            reasoning=message.reasoning,
            reasoning_details=message.reasoning_details,
            usage=message.usage,
            cost=self._cost(message),
            model=message.model or self.body["model"],
            attempts=tuple(self.attempts),
            duration_ms=round(self._seconds() * 1000, 3),
            notes=tuple(self.boundary.notes),
        )

    def _cost(self, message: Message) -> Decimal:
        price = price_of(self.client.prices, self.body["model"], message.model)
        if price is None:
            self.boundary.notes.append(f"{self.body['model']} has no price; the cost counts as 0")
            return Decimal(0)
        return price.cost(message.usage)

    def _failed(
        self, kind: type[ModelFailed], message: str, *, needs_admin: bool = False
    ) -> ModelFailed:
        told = f"{self.client.name}: {message}"
        return kind(told, attempts=self.attempts, needs_admin=needs_admin)
