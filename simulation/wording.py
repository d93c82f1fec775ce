"""Schema names as words in a sentence, for people who do not know the schema."""

import re
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4096)
def spoken(name: str) -> str:
    """`loyaltyTier` and `loyalty_tier` are "loyalty tier"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").lower()


@lru_cache(maxsize=4096)
def plural(entity_type: str) -> str:
    words = spoken(entity_type)
    if words.endswith("y") and words[-2:-1] not in "aeiou":
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith(("s", "x", "ch")) else f"{words}s"


def spoken_path(path: str) -> str:
    """`customerId.loyaltyTier` is "the customer's loyalty tier"; the words before the last own
    it."""
    *owners, last = path.split(".")
    if not owners:
        return spoken(last.removesuffix("Id") if last != "Id" else last)
    owned = " ".join(_genitive(spoken(owner.removesuffix("Id"))) for owner in owners)
    return f"the {owned} {spoken(last)}"


def shown(value: Any) -> str:
    """Write a value in a sentence; a list is "a, b or c"."""
    if isinstance(value, list | tuple):
        return listed([shown(item) for item in value], "or")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "nothing" if value is None else str(value)


def listed(words: Iterable[str], joint: str = "and") -> str:
    *first, last = [*words] or [""]
    return f"{', '.join(first)} {joint} {last}" if first else last


def counted(number: int, noun: str, many: str = "") -> str:
    """Write "1 refund", "3,120 refunds"."""
    return f"{number:,} {spoken(noun) if number == 1 else many or plural(noun)}"


def _genitive(words: str) -> str:
    return f"{words}'" if words.endswith("s") else f"{words}'s"


def size(characters: int) -> str:
    if characters < 1000:
        return f"{characters} B"
    return f"{characters / 1000:.1f} kB" if characters < 1_000_000 else f"{characters / 1e6:.1f} MB"


def duration(length: timedelta | None) -> str:
    if length is None:
        return ""
    seconds = length.total_seconds()
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def milliseconds(ms: float) -> str:
    return duration(timedelta(milliseconds=ms)) if ms >= 1 else ""


def usd(cost: Decimal) -> str:
    """Write a price: to the cent, or as fine as it takes to be more than nothing."""
    if not cost or cost >= Decimal("0.01"):
        return f"${cost:,.2f}"
    return f"${cost.normalize():f}"
