"""One request in a provider's own protocol, by the extra `providers`; loaded when it is used.

Retries, prices and the boundary are the client's, as with the protocol of OpenAI. How a provider's
library connects is its own affair: it may follow redirects.
"""

import importlib
import json
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from simulation.chat.addresses import is_refused
from simulation.chat.failures import ModelFailed
from simulation.chat.wire import Received, Timeouts

LIBRARY = "any_llm"
HOW = "pip install 'enterprisegym[providers]'"
CODES = {
    "ContextLengthExceededError": (400, "context_length_exceeded"),
    "ContentFilterError": (400, "content_filter"),
}  # what is meant, where a provider tells it in words of its own


def post_to(
    provider: str, address: str, key: str, body: Mapping[str, Any], timeouts: Timeouts
) -> Received:
    """Send one request. Raises ModelFailed where sending it again cannot help."""
    library: Any = _loaded(LIBRARY)
    failures: Any = _loaded(f"{LIBRARY}.exceptions")
    _look_where_it_leads(address)
    try:
        client = library.AnyLLM.create(
            provider, api_key=key or "none", api_base=address, unified_exceptions=True,
            max_retries=0,
        )  # fmt: skip
        answer = client.completion(**body, timeout=timeouts.answer)
    except ImportError as error:
        raise ModelFailed(f"{provider}: {error}", needs_admin=True) from None
    except (failures.UnsupportedProviderError, failures.UnsupportedParameterError) as error:
        raise ModelFailed(f"{provider}: {error}", needs_admin=True) from None
    except failures.AnyLLMError as error:
        return _failure(error)
    return Received(200, {}, json.dumps(answer.model_dump(mode="json")).encode())


def _loaded(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        told = f"other protocols than OpenAI's need a library that is not here: {HOW}"
        raise ModelFailed(told, needs_admin=True) from None


def _failure(error: Any) -> Received:
    """Give what the client reads as a server's answer, or as none."""
    status, code = CODES.get(type(error).__name__, (error.status_code, error.code))
    if status is None:
        return Received(None, {}, error=str(error))
    told = {"error": {"message": error.message, "code": code, "type": error.error_type}}
    after = getattr(error, "retry_after", None)
    headers = {"retry-after": str(after)} if after else {}
    return Received(status, headers, json.dumps(told).encode())


def _look_where_it_leads(address: str) -> None:
    parts = urlsplit(address)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
    except OSError:
        return  # there is nobody, which the request will tell
    for *_, place in found:
        if is_refused(str(place[0])):
            told = f"the name leads to {place[0]}, where clouds keep their metadata"
            raise ModelFailed(told, needs_admin=True)
