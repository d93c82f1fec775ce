"""What a process counts while it works: model calls, episodes, tool calls, retries.

Prometheus metrics in a registry of their own. Where PROMETHEUS_MULTIPROC_DIR is set, every process
keeps its numbers in a file there and one address tells them all. What waits and runs is not counted
here: the database knows it (config/metrics).

A label has only values that somebody of ours wrote down: no text of agents, tasks or servers.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram

if TYPE_CHECKING:  # what plays episodes asks models, and that is counted here
    from simulation.play import Episode
    from simulation.stops import StopReason
    from simulation.transcript import StepRecord

REGISTRY = CollectorRegistry()
UNKNOWN = "unknown"  # a label for what agents and servers made up
TOKEN_KINDS = ("prompt", "completion", "cached", "reasoning")
STATUSES = frozenset({400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529})

_MODEL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320)
_EPISODE_SECONDS = (0.01, 0.05, 0.25, 1, 5, 15, 60, 180, 600, 1800, 3600)
_STEPS = (2, 5, 10, 20, 40, 80, 160, 320, 640, 1280)
_TOOL_SECONDS = (0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.005, 0.05, 0.5)

model_request_seconds = Histogram(
    "eg_model_request_seconds",
    "One request to a model's server, by outcome: ok, error (an HTTP status), no_answer",
    ["endpoint", "outcome"],
    buckets=_MODEL_SECONDS,
    registry=REGISTRY,
)
model_errors = Counter(
    "eg_model_errors",
    "Requests to models' servers that failed, by HTTP status; none: nothing came back",
    ["endpoint", "status"],
    registry=REGISTRY,
)
model_retries = Counter(
    "eg_model_retries",
    "Requests to models' servers that were sent again",
    ["endpoint"],
    registry=REGISTRY,
)
model_failures = Counter(
    "eg_model_failures",
    "Questions that got no answer in the end, by kind of failure",
    ["endpoint", "kind"],
    registry=REGISTRY,
)
model_tokens = Counter(
    "eg_model_tokens",
    "Tokens, by kind; cached ones are among the prompt's, reasoning among the completion's",
    ["endpoint", "kind"],
    registry=REGISTRY,
)
model_cost = Counter(
    "eg_model_cost_usd", "USD, at the prices of the endpoint", ["endpoint"], registry=REGISTRY
)
episode_seconds = Histogram(
    "eg_episode_seconds",
    "Episodes that ended, by why: seconds from their first start",
    ["agent_kind", "stop_reason"],
    buckets=_EPISODE_SECONDS,
    registry=REGISTRY,
)
episode_steps = Histogram(
    "eg_episode_steps",
    "Episodes that ended: their steps",
    ["agent_kind"],
    buckets=_STEPS,
    registry=REGISTRY,
)
tool_call_seconds = Histogram(
    "eg_tool_call_seconds",
    "Calls of tools, by outcome: ok, error (the agent's), fault (made on purpose)",
    ["tool", "outcome"],
    buckets=_TOOL_SECONDS,
    registry=REGISTRY,
)
episodes_left = Counter(
    "eg_episodes_left",
    "Episodes that a worker left unfinished: rest, parked, lease_lost",
    ["why"],
    registry=REGISTRY,
)
database_retries = Counter(
    "eg_database_retries", "Times that a worker waited for the database", registry=REGISTRY
)


def model_requested(endpoint: str, status: int | None, seconds: float, *, is_retry: bool) -> None:
    """Count one request to a model's server."""
    is_ok = status is not None and 200 <= status < 300
    outcome = "ok" if is_ok else "no_answer" if status is None else "error"
    model_request_seconds.labels(endpoint, outcome).observe(seconds)
    if not is_ok:
        model_errors.labels(endpoint, status_label(status)).inc()
    if is_retry:
        model_retries.labels(endpoint).inc()


def model_answered(endpoint: str, tokens: Mapping[str, int], cost: Decimal) -> None:
    """Count what an answer took. tokens: by kind."""
    for kind in TOKEN_KINDS:
        if number := tokens.get(kind, 0):
            model_tokens.labels(endpoint, kind).inc(number)
    model_cost.labels(endpoint).inc(float(cost))


def episode_ended(agent_kind: str, stop_reason: "StopReason", episode: "Episode") -> None:
    """Count an end that is stored. agent_kind: one that an agent was found by."""
    seconds = time.monotonic() - episode.started
    episode_seconds.labels(agent_kind, str(stop_reason.value)).observe(seconds)
    episode_steps.labels(agent_kind).observe(len(episode.steps))


@contextmanager
def calls_counted(episode: "Episode") -> Iterator[None]:
    """Count the calls that are made meanwhile, however that ends."""
    start = len(episode.steps)
    try:
        yield
    finally:
        tools_called(episode.steps[start:], episode.tools)


def tools_called(steps: Iterable["StepRecord"], known: Collection[str]) -> None:
    """known: the names of the tools that there are."""
    for step in steps:
        if step.kind == "tool_call":
            tool = step.tool if step.tool in known else UNKNOWN
            outcome = "fault" if step.fault else "error" if step.is_error else "ok"
            tool_call_seconds.labels(tool, outcome).observe(step.duration_ms / 1000)


def status_label(status: int | None) -> str:
    """Name an HTTP status; of those that no server should send, only the class."""
    if status is None:
        return "none"
    if status in STATUSES:
        return str(status)
    return f"{status // 100}xx" if 100 <= status < 600 else UNKNOWN
