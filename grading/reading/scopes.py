"""Scopes: what stands with an item of a list – the rest of its line and what is below it, its table
row, its object, its part of a sentence – and what stands above it and others.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from grading.reading.lines import Line
from grading.reading.mentions import Mention


class Part(NamedTuple):
    """A text of a scope; `column` says which cell of a row or member of an object it is."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What stands with one item alone, and above it and perhaps others, the nearest first."""

    parts: tuple[Part, ...]
    above: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Starts:
    """The lines of a list that name its items."""

    lines: Sequence[Line]
    places: frozenset[int]

    @cached_property
    def enclosed(self) -> Counter[int]:
        """Count for each line how many of them it encloses."""
        return Counter(parent for at in self.places for parent in self._parents(at))

    def _parents(self, at: int) -> Iterator[int]:
        parent = self.lines[at].parent
        while parent is not None:
            yield parent
            parent = self.lines[parent].parent


def scopes_of_line(
    starts: Starts, at: int, mentions: Sequence[Mention]
) -> Iterator[tuple[int, Scope]]:
    """Give the scope of each item that a line of a list names."""
    lines = starts.lines
    line = lines[at]
    if line.kind in ("row", "head"):
        yield from _of_row(line, mentions)
        return
    if len({mention.item for mention in mentions}) > 1:
        yield from scopes_in(line.text, mentions, above(line))
        return
    first = _outermost(starts, at)
    is_labelled = ":" in line.text[: mentions[0].start]
    details = _details(starts, at, is_labelled=is_labelled)
    inside = _below(lines, first) if first != at else details
    parts = tuple(Part("", lines[number].text) for number in (first, *inside))
    yield mentions[0].item, Scope(parts, above(lines[first]))


def scopes_in(
    text: str, mentions: Sequence[Mention], over: Sequence[str]
) -> Iterator[tuple[int, Scope]]:
    """Give the part of a text that belongs to each of several items.

    It is what follows an item, or what precedes it where nothing follows the last one; labels, as
    in "Gold: Ana Lima, Bo Chen", belong to all that follow.
    """
    runs = _runs(mentions)
    gaps = [text[one.end : other.start] for one, other in pairwise(runs)]
    gaps = [text[: runs[0].start], *gaps, text[runs[-1].end :]] if runs else []
    is_before = bool(runs) and not any(map(str.isalnum, gaps[-1]))
    label = ""
    for number, run in enumerate(runs):
        label = _label_of(gaps[number]) or label
        own = gaps[number] if is_before else _without_label(gaps[number + 1])
        if len(runs) == 1:
            own = text
        yield run.item, Scope((Part("", label), Part("", own)), tuple(over))


_LABEL = re.compile(r"(?:^|[,;/&|)])\s*(?P<label>[^,;/&|()]{1,60}[:(])\s*$")


def _label_of(gap: str) -> str:
    found = _LABEL.search(gap)
    return found["label"] if found else ""


def _without_label(gap: str) -> str:
    found = _LABEL.search(gap)
    return gap[: found.start("label")] if found else gap


def _runs(mentions: Sequence[Mention]) -> list[Mention]:
    """Join what names the same item: a name and its id."""
    runs: list[Mention] = []
    for each in mentions:
        if runs and runs[-1].item == each.item:
            runs[-1] = runs[-1]._replace(end=each.end)
        else:
            runs.append(each)
    return runs


def _of_row(line: Line, mentions: Sequence[Mention]) -> Iterator[tuple[int, Scope]]:
    parts = tuple(Part(str(number), cell) for number, cell in enumerate(line.cells))
    for item in dict.fromkeys(mention.item for mention in mentions):
        yield item, Scope(parts, above(line))


def above(line: Line) -> tuple[str, ...]:
    return tuple(text for text in reversed(line.context) if text)


def _outermost(starts: Starts, at: int) -> int:
    """Give the line that encloses this item and no other one: the ticket that a customer is a
    detail of."""
    first, parent = at, starts.lines[at].parent
    while parent is not None and parent not in starts.places and starts.enclosed[parent] == 1:
        first, parent = parent, starts.lines[parent].parent
    return first


def _below(lines: Sequence[Line], at: int) -> Iterator[int]:
    depth, group = lines[at].depth, lines[at].group
    for number in range(at + 1, len(lines)):
        if lines[number].group != group or lines[number].depth <= depth:
            return
        yield number


def _details(starts: Starts, at: int, *, is_labelled: bool) -> Iterator[int]:
    """Give the lines that tell more about an item, up to the next item."""
    line = starts.lines[at]
    for number in range(at + 1, len(starts.lines)):
        below = starts.lines[number]
        if number in starts.places or not _belongs(line, below, is_labelled=is_labelled):
            return
        yield number


def _belongs(line: Line, below: Line, *, is_labelled: bool) -> bool:
    if line.kind == "heading":
        return below.kind != "heading"
    if below.group != line.group or below.depth < line.depth:
        return False
    if below.depth > line.depth or line.kind == "text":
        return True
    is_other = below.mark != line.mark or (is_labelled and ":" in below.text)
    return below.kind == "item" and is_other and not below.is_apart
