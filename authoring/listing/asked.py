"""What the address of the list of tasks asks for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from authoring.content import CATEGORIES
from authoring.states import MARKS
from simulation.text import clean_text

LONGEST = 200
DIFFICULTIES = ("easy", "medium", "hard")
SORTS = ("-changed", "changed", "title", "-title", "owner", "-owner", "state", "-errors")
LINTS = ("errors", "warnings", "clean")
NOBODY = "-"  # no user name: it asks for tasks without a reviewer
KNOWN: Mapping[str, tuple[str, ...]] = {
    "state": tuple(MARKS),
    "category": CATEGORIES,
    "difficulty": DIFFICULTIES,
    "lint": LINTS,
    "sort": SORTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Filters, order and page; "" asks for nothing."""

    state: str = ""
    owner: str = ""
    reviewer: str = ""
    category: str = ""
    difficulty: str = ""
    tag: str = ""
    lint: str = ""
    q: str = ""
    sort: str = SORTS[0]
    page: int = 1

    @property
    def query(self) -> str:
        """Give the address that asks for the same, without its question mark and page."""
        said = {k: v for k, v in asdict(self).items() if v and k != "page"}
        if said["sort"] == SORTS[0]:
            del said["sort"]
        return urlencode(said)

    @property
    def is_narrowed(self) -> bool:
        return bool(replace(self, sort=SORTS[0]).query)

    def having(self, **changes: Any) -> str:
        return replace(self, page=1, **changes).query


def read_asked(query: QueryDict) -> Asked:
    """Read what an address asks for; values that there are not ask for nothing."""
    texts = {
        name: clean_text(query.get(name, ""), limit=LONGEST)[0].strip()
        for name in ("state", "owner", "reviewer", "category", "difficulty", "tag", "lint", "q")
    }
    texts["sort"] = query.get("sort", "")
    for name, values in KNOWN.items():
        if texts[name] not in values:
            texts[name] = SORTS[0] if name == "sort" else ""
    page = query.get("page", "")
    is_number = page.isdecimal() and page.isascii() and len(page) < 7
    return Asked(**texts, page=max(1, int(page)) if is_number else 1)
