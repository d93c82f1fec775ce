"""What can go wrong, as types with stable codes.

GymError
├── InvalidArgument   invalid_argument  400   the caller sent something that cannot be taken
│   └── Problems      invalid_argument  400   many of them, all named at once
├── NotFound          not_found         404   there is no such thing, or not for this person
├── Conflict          conflict          409   impossible in the present state
├── Gone              gone              410   it was there and was removed for good
├── Forbidden         forbidden         403   known, but not allowed
└── Unavailable       unavailable       503   ours to repair; trying again may help

Tools raise the first level: the agent reads the message and the world is unchanged.
"""

from collections.abc import Sequence
from typing import Any, ClassVar


class GymError(Exception):
    """Something a person or an agent can be told; `code` is stable and goes out in the API."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def as_json(self) -> dict[str, Any]:
        """Give the one error shape of tools and API: {"error": {"code", "message", "field"?}}."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.field:
            error["field"] = self.field
        return {"error": error}


class InvalidArgument(GymError):
    code = "invalid_argument"


class Problems(InvalidArgument):
    """Everything that is wrong with one input, so that nobody repairs it one error at a time."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class NotFound(GymError):
    code = "not_found"
    status = 404


class Conflict(GymError):
    code = "conflict"
    status = 409


class Gone(GymError):
    code = "gone"
    status = 410


class Forbidden(GymError):
    code = "forbidden"
    status = 403


class Unavailable(GymError):
    code = "unavailable"
    status = 503


class LeaseLost(Exception):
    """Another worker has the episode now: whoever catches this stops without a word."""
