"""What came with a model's words, as lines that people read."""

from collections.abc import Iterator, Mapping
from typing import Any

from grading.pages import ModelAnswer
from grading.stop_words import stop_words
from simulation.models import Step
from simulation.pages import shortened
from simulation.wording import counted, milliseconds, size

LONGEST = 300  # characters of one line
SHOWN = 20_000  # characters of reasoning


def model_answer(step: Step) -> ModelAnswer | None:
    """Tell how an answer was got and what the model thought; None where nothing is known."""
    exchange: Mapping[str, Any] = step.exchange or {}
    lines = tuple(shortened(line, LONGEST) for line in _lines(exchange))
    if not lines and not step.reasoning:
        return None
    return ModelAnswer(
        title=_title(exchange),
        lines=lines,
        reasoning=shortened(step.reasoning, SHOWN),
        reasoning_size=size(len(step.reasoning)),
    )


def _title(exchange: Mapping[str, Any]) -> str:
    """Name what is out of the ordinary, so that nobody needs to look."""
    words = [
        f"ended the episode: {_spoken(exchange['stop'])}" if exchange.get("stop") else "",
        counted(len(exchange["left_out"]), "call") + " left out" if _has_left_out(exchange) else "",
        counted(len(exchange["attempts"]), "attempt") if exchange.get("attempts") else "",
        "ended the conversation" if exchange.get("ends") else "",
    ]
    return ", ".join(["How it was answered", *filter(None, words)])


def _lines(exchange: Mapping[str, Any]) -> Iterator[str]:
    if model := exchange.get("model"):
        yield f"model {model}"
    if finish := exchange.get("finish"):
        yield f"finished by {finish}"
    if stop := exchange.get("stop"):
        detail = exchange.get("detail")
        yield f"ends the episode: {_spoken(stop)}{f', {detail}' if detail else ''}"
    for number, attempt in enumerate(exchange.get("attempts", ()), start=1):
        yield f"attempt {number}: {_attempt(attempt)}"
    for call in exchange.get("left_out", ()):
        yield f"asked for and not executed: {call.get('name', '')} {call.get('arguments', '')}"
    for fact in exchange.get("revealed", ()):
        yield f"revealed: {fact}"


def _attempt(attempt: Mapping[str, Any]) -> str:
    """Say what one request gave, and how long was waited after it."""
    status, error = attempt.get("status"), attempt.get("error")
    words = [
        f"HTTP {status}" if status else "",
        str(error) if error else "",
        f"took {milliseconds(attempt['duration_ms'])}" if attempt.get("duration_ms") else "",
        f"after waiting {attempt['waited_s']:.1f} s" if attempt.get("waited_s") else "",
    ]
    return ", ".join(filter(None, words)) or "answered"


def _has_left_out(exchange: Mapping[str, Any]) -> bool:
    return bool(exchange.get("left_out"))


def _spoken(stop: str) -> str:
    return stop_words(stop)
