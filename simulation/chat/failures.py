"""What can go wrong when a model is asked. None of it is the agent's fault.

ModelFailed               provider_error  503   no answer to use
├── ContextOverflow                             the messages are longer than the model reads
├── ModelRefusedRequest                         the server does not take the request as it is
│   └── ContentRefused                          its filter does not like what is said in it
├── ModelUnavailable                            it failed in ways that may pass, too often
└── ModelUnreadable                             something was answered that is not the protocol
EndpointUnusable          endpoint_unusable     nothing can be asked before an admin mends something
"""

from collections.abc import Sequence
from typing import ClassVar

from simulation.chat.exchange import Attempt
from simulation.errors import GymError, Unavailable


class ModelFailed(Unavailable):
    """A model gave no answer; `attempts` tells what was tried, and no secret.

    needs_admin: it will give none before somebody mends the endpoint or its key.
    """

    code: ClassVar[str] = "provider_error"

    def __init__(
        self, message: str, *, attempts: Sequence[Attempt] = (), needs_admin: bool = False
    ) -> None:
        super().__init__(message)
        self.attempts = tuple(attempts)
        self.needs_admin = needs_admin


class EndpointUnusable(GymError):
    """What needs an admin, said to the one who plays an episode: it is put aside, not masked."""

    code: ClassVar[str] = "endpoint_unusable"
    status: ClassVar[int] = 503


class ContextOverflow(ModelFailed):
    pass


class ModelRefusedRequest(ModelFailed):
    pass


class ContentRefused(ModelRefusedRequest):
    pass


class ModelUnavailable(ModelFailed):
    pass


class ModelUnreadable(ModelFailed):
    pass
