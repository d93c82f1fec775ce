"""Where a page of a long table stands, when its address keeps what else it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from simulation.pages import Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of `found` things. page: counts from 1 and is never beyond the last."""

    page: int
    found: int
    size: int

    @property
    def start(self) -> int:
        return (self.page - 1) * self.size

    @property
    def end(self) -> int:
        return min(self.page * self.size, self.found)

    def pager(self, url: str, query: Mapping[str, str] | str = "", *, name: str = "page") -> Pager:
        """url: of the table; query: what else its address asks for."""
        kept = query if isinstance(query, str) else urlencode({k: v for k, v in query.items() if v})

        def address(number: int) -> str:
            path, _, place = url.partition("#")
            asked = "&".join(part for part in (kept, f"{name}={number}") if part)
            return f"{path}?{asked}{f'#{place}' if place else ''}"

        return Pager(
            text=f"{self.start + 1:,} to {self.end:,} of {self.found:,}",
            previous_url=address(self.page - 1) if self.page > 1 else "",
            next_url=address(self.page + 1) if self.end < self.found else "",
        )


def sheet_of(found: int, page: int, size: int) -> Sheet:
    last = max(1, -(-found // size))
    return Sheet(page=min(max(1, page), last), found=found, size=size)
