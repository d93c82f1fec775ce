"""Questions to models, counted for Prometheus whatever becomes of them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from simulation import metrics
from simulation.chat.exchange import Attempt, ChatAnswer
from simulation.chat.failures import ModelFailed


def counted(endpoint: str, ask: Callable[[], ChatAnswer]) -> ChatAnswer:
    """Ask, and count requests, tokens, cost and failure under the name of the endpoint."""
    try:
        answer = ask()
    except ModelFailed as failure:
        _count(endpoint, failure.attempts)
        metrics.model_failures.labels(endpoint, type(failure).__name__).inc()
        raise
    _count(endpoint, answer.attempts)
    metrics.model_answered(endpoint, asdict(answer.usage), answer.cost)
    return answer


def _count(endpoint: str, attempts: Sequence[Attempt]) -> None:
    for number, attempt in enumerate(attempts):
        metrics.model_requested(
            endpoint, attempt.status, attempt.duration_ms / 1000, is_retry=number > 0
        )
