"""What the inbox shows, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from simulation.pages import Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of news. url: opens it, and marks it as read."""

    url: str
    icon: str
    actor: str
    words: str
    task: str
    text: str
    when: datetime
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    items: tuple[Item, ...]
    unread: int
    pager: Pager | None
