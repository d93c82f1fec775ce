"""What the page of an episode says of its customer, besides their words."""

from simulation.models import Step
from simulation.stops import StopReason

CUSTOMER_FAILED = "The simulated customer failed: not counted"
_ASKED = "asked about "
OURS = "That is a fault of ours, not the agent's."


def customer_note(step: Step) -> str:
    """Say what a customer's step is, beyond their words."""
    exchange = step.exchange or {}
    quotes = "; ".join(f"“{quote}”" for quote in exchange.get("quotes", ()))
    detail = "" if _has_failed(step) else exchange.get("detail", "")
    note = "" if _has_failed(step) else _heard(step.note)
    heard = f"{note}: {quotes}" if quotes else note
    return ". ".join(dict.fromkeys(filter(None, (heard, detail))))


def _heard(note: str) -> str:
    """Say it of the customer, under whose name it stands: they were asked."""
    return f"was {note}" if note.startswith(_ASKED) else note


def customer_error(step: Step) -> str:
    """Say why a customer could not be played, "" for those who could."""
    if not _has_failed(step):
        return ""
    return f"customer failed: {(step.exchange or {}).get('detail', '')}"


def _has_failed(step: Step) -> bool:
    return (step.exchange or {}).get("stop") == StopReason.CUSTOMER_FAILED
