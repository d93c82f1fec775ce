"""What the page of an episode says of its customer: what came with their words, and what they cost.

What the agent's model cost is told apart from it.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from grading.wording import usd
from simulation.conversation import player_name
from simulation.models import Episode, Step
from simulation.pages import Fact
from simulation.stops import StopReason
from simulation.transcript import TOKENS_IN_ALL
from simulation.wording import counted

CUSTOMER_FAILED = "The simulated customer failed: not counted"
OURS = "That is a fault of ours, not the agent's."


def spent(tokens: Mapping[str, int], cost: Decimal) -> str:
    """Write "1,240 tokens, $0.02", "" for nothing."""
    count = sum(tokens.get(kind, 0) for kind in TOKENS_IN_ALL)
    words = counted(count, "token") if count else ""
    return ", ".join(filter(None, (words, usd(cost) if cost else "")))


def customer_facts(episode: Episode) -> Iterable[Fact]:
    """Say what both models of an episode cost, and who played the customer."""
    if words := spent(episode.usage, episode.cost):
        count, _, cost = words.partition(", $")
        yield Fact(label="tokens", value=count, detail=f"${cost}" if cost else "")
    player = player_name(episode.spec)
    if words := spent(episode.customer_usage, episode.customer_cost):
        yield Fact(label="customer", value=words, detail=player)
    elif player:
        yield Fact(label="customer", value=player)


def customer_note(step: Step) -> str:
    """Say what a customer's step is, beyond their words."""
    exchange = step.exchange or {}
    quotes = "; ".join(f"“{quote}”" for quote in exchange.get("quotes", ()))
    detail = "" if _has_failed(step) else exchange.get("detail", "")
    heard = f"{step.note}: {quotes}" if quotes else step.note
    return ". ".join(dict.fromkeys(filter(None, (heard, detail))))


def customer_error(step: Step) -> str:
    """Say why a customer could not be played, "" for those who could."""
    if not _has_failed(step):
        return ""
    return f"customer failed: {(step.exchange or {}).get('detail', '')}"


def _has_failed(step: Step) -> bool:
    return (step.exchange or {}).get("stop") == StopReason.CUSTOMER_FAILED
