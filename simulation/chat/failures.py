"""What can go wrong when a model is asked. None of it is the agent's fault.

ModelFailed               provider_error  503   no answer to use
├── ContextOverflow                             the messages are longer than the model reads
├── ModelRefusedRequest                         the server does not take the request as it is
├── ModelUnavailable                            it failed in ways that may pass, too often
└── ModelUnreadable                             something was answered that is not the protocol
"""

from collections.abc import Sequence
from typing import ClassVar

from simulation.chat.exchange import Attempt
from simulation.errors import Unavailable


class ModelFailed(Unavailable):
    """A model gave no answer; `attempts` tells what was tried, and no secret."""

    code: ClassVar[str] = "provider_error"

    def __init__(self, message: str, *, attempts: Sequence[Attempt] = ()) -> None:
        super().__init__(message)
        self.attempts = tuple(attempts)


class ContextOverflow(ModelFailed):
    pass


class ModelRefusedRequest(ModelFailed):
    pass


class ModelUnavailable(ModelFailed):
    pass


class ModelUnreadable(ModelFailed):
    pass
