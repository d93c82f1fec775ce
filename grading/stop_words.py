"""Why an episode ended, in words for people who never saw the code."""

from collections.abc import Mapping

from simulation.stops import StopReason

_WORDS: Mapping[str, str] = {
    StopReason.DONE: "the agent was done",
    StopReason.MAX_TURNS: "limit of turns or calls",
    StopReason.MAX_TOKENS: "answer cut off at its length",
    StopReason.TOKEN_BUDGET: "limit of tokens",
    StopReason.COST_BUDGET: "limit of cost",
    StopReason.CONTEXT_OVERFLOW: "conversation too long for the model",
    StopReason.CONTENT_FILTER: "content filter of the model",
    StopReason.TOO_MANY_ERRORS: "too many errors in a row",
    StopReason.GAVE_UP: "customer or agent gave up",
    StopReason.PROVIDER_ERROR: "the model’s server failed",
    StopReason.TOOL_SERVER_ERROR: "a tool failed, by a fault of ours",
    StopReason.WALL_TIME: "time ran out",
    StopReason.WORKER_LOST: "the worker was lost",
    StopReason.CUSTOMER_FAILED: "the simulated customer failed",
}


def stop_words(reason: str) -> str:
    """Say it; what there are no words for is shown as it is."""
    return _WORDS.get(reason, reason.replace("_", " "))
