"""Asking models: one small interface for agents, customers and judges.

exchange: what is asked and answered. failures: what can go wrong. client: an endpoint as a client.
Importing this package costs nothing: what needs the SDK (wire) is loaded by the first question.
"""

from simulation.chat.client import client_for
from simulation.chat.exchange import (
    Attempt,
    ChatAnswer,
    ChatRequest,
    ModelClient,
    ToolCall,
    Usage,
)
from simulation.chat.failures import (
    ContentRefused,
    ContextOverflow,
    EndpointUnusable,
    ModelFailed,
    ModelRefusedRequest,
    ModelUnavailable,
    ModelUnreadable,
)
from simulation.chat.retries import PATIENT, Pace, Retries

__all__ = [
    "PATIENT",
    "Attempt",
    "ChatAnswer",
    "ChatRequest",
    "ContentRefused",
    "ContextOverflow",
    "EndpointUnusable",
    "ModelClient",
    "ModelFailed",
    "ModelRefusedRequest",
    "ModelUnavailable",
    "ModelUnreadable",
    "Pace",
    "Retries",
    "ToolCall",
    "Usage",
    "client_for",
]
