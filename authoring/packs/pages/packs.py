"""What the list of packs shows."""

from dataclasses import dataclass
from datetime import datetime

from simulation.pages import Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRow:
    """A pack in the list. number: of its newest version, 0 for none; `next_note` tells where what
    is put together differs from it."""

    slug: str
    title: str
    url: str
    number: int
    version_url: str
    tasks: str
    next_note: str
    worlds: tuple[str, ...]
    purpose: str
    owner: str
    frozen_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PacksPage:
    rows: tuple[PackRow, ...]
    count: str
    may_make: bool
    pager: Pager | None = None
