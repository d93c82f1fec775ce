"""What is shown while tasks are added to a pack."""

from dataclasses import dataclass

from authoring.listing.pages import ListFilter
from authoring.packs.pages.pack import SplitMark
from simulation.pages import Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRow:
    """An approved task that can be added. chosen: the revision that the pack has, 0 for none."""

    slug: str
    title: str
    url: str
    tags: tuple[str, ...]
    category: str
    difficulty: str
    owner: str
    approved: int
    split: SplitMark | None
    chosen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPage:
    slug: str
    title: str
    rows: tuple[AddRow, ...]
    count: str
    filter: ListFilter
    query: str
    all_label: str
    is_narrowed: bool
    pager: Pager | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutGroup:
    """Tasks that are left out for one reason; the first are named."""

    text: str
    count: str
    names: tuple[str, ...]
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddingPage:
    """What would be added, kept and left out. slugs: what the form sends."""

    slug: str
    title: str
    heading: str
    button: str
    added: tuple[tuple[str, str], ...]
    added_more: str
    kept: str
    left: str
    groups: tuple[LeftOutGroup, ...]
    slugs: str
    back_url: str
