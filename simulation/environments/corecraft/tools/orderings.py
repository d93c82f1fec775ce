"""The sort orders of the searches; rows that are equal in them follow by id."""

from simulation.entities import Row
from simulation.snapshots import Order, by_text, newest_first

_URGENCY = ("high", "normal", "low")


def _urgency(row: Row) -> int:
    return _URGENCY.index(row["priority"])


NEWEST = newest_first()
BY_NAME = by_text("name")
BY_TITLE = by_text("title")
MOST_URGENT = Order("most urgent", ((_urgency, False), *NEWEST.keys))
