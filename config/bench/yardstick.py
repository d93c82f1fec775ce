"""The yardstick: how long `json.loads` takes for one fixed document, here and now.

A figure divided by it can be set beside one from another machine.
"""

import json
import random
import string
from collections.abc import Iterator
from functools import cache
from typing import Any

from config.bench.measuring import Timing, measure

SIZE = 1_000_000  # bytes that the document reaches
STATUSES = ("draft", "open", "waiting", "paid", "shipped", "closed")
WORDS = ("amber", "birch", "cedar", "delta", "ember", "flint", "grove", "harbor", "iris", "juniper")
CITIES = ("Northfield", "Easton", "Southport", "Westbury", "Midvale", "Lakeside")
REPETITIONS = 30


@cache
def document() -> str:
    """Give the text that is parsed: rows as a shop would have them, until it reaches its size."""
    return json.dumps(list(_rows()))


def yardstick() -> Timing:
    text = document()
    return measure(lambda: json.loads(text), repetitions=REPETITIONS)


def _rows() -> Iterator[dict[str, Any]]:
    dice = random.Random(7)  # noqa: S311  the same bytes everywhere, no secret
    number, length = 0, len("[]")
    while length < SIZE:
        number += 1
        row = _row(dice, number)
        length += len(json.dumps(row)) + (len(", ") if number > 1 else 0)
        yield row


def _row(dice: random.Random, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": "".join(dice.choices(string.ascii_lowercase, k=24)),
        "status": dice.choice(STATUSES),
        "tags": dice.sample(WORDS, 3),
        "price": round(dice.uniform(1, 2000), 2),
        "address": {
            "line": f"{dice.randint(1, 999)} {dice.choice(WORDS).title()} Street",
            "city": dice.choice(CITIES),
            "zip": f"{dice.randint(10_000, 99_999)}",
        },
    }
