"""Tokens and USD that episodes have used up, summed in SQL."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.fields import BigIntegerField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from simulation.transcript import TOKENS_IN_ALL

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Tokens and USD of agents and of customers that models play. replaced: the part of the cost
    that went into attempts which were tried again."""

    tokens: int = 0
    cost: Decimal = NOTHING
    customer_tokens: int = 0
    customer_cost: Decimal = NOTHING
    replaced: Decimal = NOTHING

    def __add__(self, other: "Used") -> "Used":
        return Used(
            tokens=self.tokens + other.tokens,
            cost=self.cost + other.cost,
            customer_tokens=self.customer_tokens + other.customer_tokens,
            customer_cost=self.customer_cost + other.customer_cost,
            replaced=self.replaced + other.replaced,
        )


def sums_of(episode: str) -> dict[str, Any]:
    """Give what `used_of` reads. episode: leads from a row to its episode."""
    return {
        "tokens": _tokens(f"{episode}__usage"),
        "cost_sum": Sum(f"{episode}__cost", default=NOTHING),
        "customer_tokens": _tokens(f"{episode}__customer_usage"),
        "customer_sum": Sum(f"{episode}__customer_cost", default=NOTHING),
    }


def _tokens(usage: str) -> Any:
    first, second = (_number(usage, kind) for kind in TOKENS_IN_ALL)
    return Sum(first + second, default=0)


def _number(usage: str, kind: str) -> Coalesce:
    return Coalesce(Cast(KeyTextTransform(kind, usage), BigIntegerField()), 0)


def used_of(row: Any) -> Used:
    return Used(
        tokens=row["tokens"],
        cost=row["cost_sum"],
        customer_tokens=row["customer_tokens"],
        customer_cost=row["customer_sum"],
    )
