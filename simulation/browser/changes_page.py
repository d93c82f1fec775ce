"""The page of the difference between two versions of a world."""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from simulation.browser.head import WorldHead
from simulation.browser.links import Links
from simulation.differences import (
    OPERATIONS,
    REMOVED,
    TextChange,
    WorldDifference,
    compare,
    operation,
)
from simulation.models import World
from simulation.pages import ChangeRow, Choice, FieldChange, Pager, change_rows
from simulation.state import Change
from simulation.wording import counted, spoken
from simulation.worlds import open_world

A_PAGE = 50
CONTEXT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    label: str
    url: str
    counts: tuple[tuple[str, str], ...]
    is_selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line of a text that changed; "…" stands for lines that are equal."""

    sign: Literal["+", "-", " ", "…"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptDiff:
    label: str
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """`older` and `newer` are "" where there is nothing to compare with."""

    head: WorldHead
    versions: tuple[Choice, ...]
    older: str
    newer: str
    summary: str
    totals: tuple[tuple[str, str], ...]
    kinds: tuple[KindCount, ...]
    operations: tuple[Choice, ...]
    facts: tuple[FieldChange, ...]
    prompts: tuple[PromptDiff, ...]
    rows: tuple[ChangeRow, ...]
    rows_label: str
    pager: Pager | None
    clear_url: str
    is_equal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What of a difference is to be shown."""

    kind: str = ""
    operation: str = ""
    page: int = 1


def changes_page(
    world: World,
    siblings: Sequence[World],
    other: World | None,
    wanted: Narrowing,
    *,
    head: WorldHead,
) -> ChangesPage:
    """siblings: all versions of the same slug that this person may see; other: one of them."""
    pair = sorted((world, other), key=lambda each: each.version) if other else [world, world]
    links = [Links(each, open_world(each)) for each in pair]
    found = compare(links[0].snapshot, links[1].snapshot)
    address = _Address(links[1], world, other, wanted)
    listed = [change for change in found.changes if _is_wanted(change, wanted)]
    start = (wanted.page - 1) * A_PAGE
    return ChangesPage(
        head=head,
        versions=tuple(_choices(world, siblings, other)),
        older=f"v{pair[0].version}" if other else "",
        newer=f"v{pair[1].version}" if other else "",
        summary=_summary(found),
        totals=_signed(sum(found.counts.values(), Counter())),
        kinds=tuple(_kinds(links[1], found, address)),
        operations=tuple(_operations(found, address)),
        facts=tuple(_facts(found)),
        prompts=tuple(map(_prompt, found.prompts)),
        rows=change_rows(listed[start : start + A_PAGE], lambda change: _url(links, change)),
        rows_label=counted(len(listed), "row"),
        pager=_pager(address, len(listed)),
        clear_url=address.url(),
        is_equal=found.is_empty,
    )


class _Address:
    """The address of the page with other filters."""

    def __init__(self, links: Links, world: World, other: World | None, wanted: Narrowing) -> None:
        self._base = f"{Links(world, links.snapshot).base}changes/"
        self._with = {"with": str(other.version)} if other else {}
        self.wanted = wanted

    def url(self, **members: str) -> str:
        kept = {name: value for name, value in members.items() if value}
        return f"{self._base}?{urlencode({**self._with, **kept})}"


def _is_wanted(change: Change, wanted: Narrowing) -> bool:
    is_kind = not wanted.kind or change.entity_type == wanted.kind
    return is_kind and (not wanted.operation or operation(change) == wanted.operation)


def _choices(world: World, siblings: Sequence[World], other: World | None) -> Iterator[Choice]:
    for each in siblings:
        if each.pk != world.pk:
            draft = ", draft" if each.is_draft else ""
            yield Choice(
                value=str(each.version),
                label=f"v{each.version}{draft}",
                is_selected=other is not None and each.pk == other.pk,
            )


def _summary(found: WorldDifference) -> str:
    parts = [counted(len(found.changes), "row")] if found.changes else []
    parts += [counted(len(found.prompts), "prompt")] if found.prompts else []
    parts += [fact.name for fact in found.facts]
    return ", ".join(parts)


def _signed(counts: Counter[str]) -> tuple[tuple[str, str], ...]:
    return tuple((word, f"{counts[word]:,}") for word in OPERATIONS)


def _kinds(links: Links, found: WorldDifference, address: _Address) -> Iterator[KindCount]:
    for name, kind in links.company.entity_types.items():
        if name in found.counts:
            is_selected = address.wanted.kind == name
            chosen = "" if is_selected else name
            yield KindCount(
                label=kind.label_plural,
                url=address.url(kind=chosen, operation=address.wanted.operation),
                counts=_signed(found.counts[name]),
                is_selected=is_selected,
            )


def kind_counts(links: Links, found: WorldDifference, url: str) -> Iterator[KindCount]:
    """Count what differs by kind. url: the address of the difference, with a query."""
    for name, kind in links.company.entity_types.items():
        if name in found.counts:
            yield KindCount(
                label=kind.label_plural,
                url=f"{url}&{urlencode({'kind': name})}",
                counts=_signed(found.counts[name]),
                is_selected=False,
            )


def _operations(found: WorldDifference, address: _Address) -> Iterator[Choice]:
    totals = sum(found.counts.values(), Counter())
    wanted = address.wanted
    for word in ("", *OPERATIONS):
        yield Choice(
            value=word,
            label=word or "all",
            is_selected=wanted.operation == word,
            url=address.url(kind=wanted.kind, operation=word),
            count=f"{totals[word] if word else totals.total():,}",
        )


def _facts(found: WorldDifference) -> Iterator[FieldChange]:
    for fact in found.facts:
        yield FieldChange(name=fact.name, before=fact.before, after=fact.after)


def _prompt(change: TextChange) -> PromptDiff:
    """Show the lines of a text that differ, with a little of what stands around them."""
    old, new = change.before.splitlines(), change.after.splitlines()
    lines = [*difflib.unified_diff(old, new, n=CONTEXT, lineterm="")][2:]
    return PromptDiff(label=spoken(change.name), lines=tuple(map(_line, lines)))


def _line(text: str) -> DiffLine:
    if text.startswith("@@"):
        return DiffLine(sign="…", text="")
    sign: Literal["+", "-", " "] = "+" if text[:1] == "+" else "-" if text[:1] == "-" else " "
    return DiffLine(sign=sign, text=text[1:])


def _url(links: Sequence[Links], change: Change) -> str:
    older, newer = links
    where = older if operation(change) == REMOVED else newer
    return where.row_url(change.entity_type, change.id)


def _pager(address: _Address, found: int) -> Pager | None:
    if found <= A_PAGE:
        return None
    wanted = address.wanted
    first, last = (wanted.page - 1) * A_PAGE + 1, min(wanted.page * A_PAGE, found)

    def url(page: int) -> str:
        return address.url(kind=wanted.kind, operation=wanted.operation, page=str(page))

    return Pager(
        text=f"{first:,} to {last:,} of {found:,}",
        previous_url=url(wanted.page - 1) if wanted.page > 1 else "",
        next_url=url(wanted.page + 1) if last < found else "",
    )
