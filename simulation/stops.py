"""Why an episode ended, and whether the agent answers for it."""

from django.db import models


class StopReason(models.TextChoices):
    """The first group is graded; the second is ours, gives no reward and is counted apart."""

    DONE = "done"
    MAX_TURNS = "max_turns"
    MAX_TOKENS = "max_tokens"
    TOKEN_BUDGET = "token_budget"  # noqa: S105  no password
    COST_BUDGET = "cost_budget"
    CONTEXT_OVERFLOW = "context_overflow"
    CONTENT_FILTER = "content_filter"
    TOO_MANY_ERRORS = "too_many_errors"
    GAVE_UP = "gave_up"

    PROVIDER_ERROR = "provider_error"
    TOOL_SERVER_ERROR = "tool_server_error"
    WALL_TIME = "wall_time"
    WORKER_LOST = "worker_lost"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"
    CUSTOMER_FAILED = "customer_failed"


MASKED = frozenset(
    {
        StopReason.PROVIDER_ERROR,
        StopReason.TOOL_SERVER_ERROR,
        StopReason.WALL_TIME,
        StopReason.WORKER_LOST,
        StopReason.CANCELLED,
        StopReason.ABANDONED,
        StopReason.CUSTOMER_FAILED,
    }
)
GRADED = frozenset(StopReason) - MASKED
TRUNCATED = frozenset(
    {
        StopReason.MAX_TURNS,
        StopReason.MAX_TOKENS,
        StopReason.TOKEN_BUDGET,
        StopReason.COST_BUDGET,
        StopReason.CONTEXT_OVERFLOW,
    }
)  # graded, though a limit ended them and not the agent
