"""Schema names as words in a sentence, for people who do not know the schema."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4096)
def spoken(name: str) -> str:
    """`loyaltyTier` and `loyalty_tier` are "loyalty tier"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").lower()


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


def counted(number: int, noun: str) -> str:
    """Write "1 refund", "3 refunds"."""
    return f"{number} {spoken(noun) if number == 1 else plural(noun)}"


def _genitive(words: str) -> str:
    return f"{words}'" if words.endswith("s") else f"{words}'s"
