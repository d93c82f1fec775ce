"""Lines: what a text is made of, with its headings, list items and table rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from grading.reading.plain import LIMIT, fold, plain, word_set

Kind = Literal["text", "heading", "item", "head", "row"]  # head: the first row of a table

_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(.*)")
_ITEM = re.compile(
    r"(?P<indent>[ \t]*)"
    r"(?:(?P<mark>[-*+]|\(?[0-9]{1,3}[.)]|\(?[a-z][)])[ \t]+|(?P<dot>[•‣◦▪●○·])[ \t]*)"
    r"(?P<text>.*)"
)
_CHECKBOX = re.compile(r"\[[ xX]?\][ \t]*")
_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)+")
_NUMBERED = re.compile(r"[0-9]{1,3}[.)][ \t]+")
_DELIMITER = frozenset("|-: \t")
_OPEN_ENDS = frozenset(",'\")-")
_LONGEST_JOIN = 2000  # characters that wrapped lines are joined to
_LONGEST_CONTEXT = 300  # characters of what stands above that are kept
_MOST_COLUMNS = 100


@dataclass(slots=True)
class Line:
    """One line of a text. `context` is what stands above it: heading, introduction, the items that
    enclose it."""

    kind: Kind
    text: str
    group: int
    depth: int = 0
    mark: str = ""  # "bullet", "number", or "" where there is none
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    parent: int | None = None
    is_apart: bool = False  # after an empty line
    previous: "Line | None" = None


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A text as read: `raw` as written, `text` without typography and markup, and its lines."""

    raw: str
    text: str
    lines: tuple[Line, ...]

    @property
    def is_cut(self) -> bool:
        """Tell whether the text goes on where nobody reads."""
        return len(self.raw) > LIMIT


@lru_cache(maxsize=64)
def folded(document: Document) -> str:
    """Give the text for comparing words: case, line breaks and runs of spaces do not count."""
    return fold(document.text)


@lru_cache(maxsize=64)
def read(raw: str) -> Document:
    text = plain(raw)
    return Document(raw, text, tuple(_Reader(text.splitlines()).lines))


@dataclass
class _Reader:
    """Goes through the lines once and keeps what encloses the next one."""

    source: Sequence[str]
    lines: list[Line] = field(default_factory=list)
    _heading: str = ""
    _intro: str = ""
    _open: list[tuple[int, int]] = field(default_factory=list)  # (indent, line) of enclosing items
    _group: int = 0
    _after_blank: bool = True

    def __post_init__(self) -> None:
        at = 0
        while at < len(self.source):
            rows = self._barred_from(at)
            if _is_table(rows):
                self._table(rows)
            else:
                for line in rows or self.source[at : at + 1]:
                    self._line(line)
            at += len(rows) or 1

    def _barred_from(self, at: int) -> Sequence[str]:
        """Give the lines with bars that follow each other from here on."""
        end = at
        while end < len(self.source) and "|" in self.source[end]:
            end += 1
        return self.source[at:end]

    def _line(self, line: str) -> None:
        start = line.lstrip()[:1]
        if start == ">":
            line = _QUOTED.sub("", line, count=1)
            start = line.lstrip()[:1]
        if not start:
            self._after_blank = True
        elif start == "#" and (found := _HEADING.match(line)):
            self._heading_line(found[2].rstrip(" #"))
        elif found := None if start.isupper() else _ITEM.match(line):
            self._item(found["indent"], found["mark"] or "-", found["text"])
        else:
            self._text(line)

    def _heading_line(self, text: str) -> None:
        text = _NUMBERED.sub("", text, count=1)
        self._close()
        self._heading = _kept(text)
        self._add(Line("heading", text, self._group))
        self._intro = ""

    def _item(self, indent: str, mark: str, text: str) -> None:
        width = len(indent.expandtabs(4)) if indent else 0
        while self._open and self._open[-1][0] >= width:
            self._open.pop()
        parent = self._open[-1][1] if self._open else None
        kind = "number" if any(c.isdigit() for c in mark) else "bullet"
        if text.startswith("["):
            text = _CHECKBOX.sub("", text, count=1)
        context = self._above() + self._enclosing() if self._open else self._above()
        depth = len(self._open)
        self._open.append((width, len(self.lines)))
        self._add(Line("item", text, self._group, depth, kind, context=context, parent=parent))

    def _text(self, line: str) -> None:
        indent = len(line) - len(line.lstrip())
        text = line.strip()
        if self._continues(text):
            last = self.lines[-1]
            last.text = f"{last.text} {text}"
            self._intro = last.text if last.kind == "text" else self._intro
            return
        inside = self._open and indent > self._open[-1][0]
        if inside:
            parent = self._open[-1][1]
            context = (*self._above(), *self._enclosing())
            self._add(
                Line("text", text, self._group, len(self._open), context=context, parent=parent)
            )
            return
        label = self._intro if self._intro.endswith(":") else ""
        if self._open or self._after_blank or not self.lines or self.lines[-1].kind != "text":
            self._close()
        self._add(Line("text", text, self._group, context=(self._heading, _kept(label))))
        self._intro = text

    def _continues(self, text: str) -> bool:
        """Tell whether a line goes on with the sentence of the line above."""
        if self._after_blank or not self.lines or self.lines[-1].kind not in ("text", "item"):
            return False
        above = self.lines[-1].text
        if not text[:1].islower() or len(above) > _LONGEST_JOIN:
            return False
        return above[-1:].isalnum() or above[-1:] in _OPEN_ENDS

    def _table(self, source: Sequence[str]) -> None:
        intro = self._above()
        self._close()
        columns = _cells(source[0])
        columns = columns if len(columns) <= _MOST_COLUMNS else ()
        for number, source_line in enumerate(source):
            if _is_delimiter(source_line):
                continue
            cells = _cells(source_line)
            line = Line("row" if number else "head", " | ".join(cells), self._group, cells=cells)
            line.columns, line.context = (columns if number else ()), intro
            self._add(line)
        self._group += 1

    def _above(self) -> tuple[str, ...]:
        return (self._heading, _kept(self._intro))

    def _enclosing(self) -> tuple[str, ...]:
        return tuple(_kept(self.lines[index].text) for _, index in self._open)

    def _close(self) -> None:
        """End the list or paragraph that is open."""
        self._open.clear()
        self._group += 1

    def _add(self, line: Line) -> None:
        line.previous = self.lines[-1] if self.lines else None
        line.is_apart = self._after_blank
        self.lines.append(line)
        self._after_blank = False


def _kept(text: str) -> str:
    return text[-_LONGEST_CONTEXT:]


def _is_table(rows: Sequence[str]) -> bool:
    is_framed = len(rows) > 1 and all(row.lstrip().startswith("|") for row in rows)
    return is_framed or any(map(_is_delimiter, rows[:3]))


def _is_delimiter(line: str) -> bool:
    return "-" in line and "|" in line and _DELIMITER.issuperset(line)


def _cells(line: str) -> tuple[str, ...]:
    inside = line.strip().removeprefix("|").removesuffix("|")
    return tuple(cell.strip() for cell in inside.split("|"))


_ABBREVIATIONS = word_set(
    "e.g i.e etc vs approx no nr mr mrs ms dr st inc ltd co jr sr fig a.m p.m u.s est"
    " jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
)
_STOP = re.compile(r"[.!?][\"')\]]*\s+")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Give where each sentence of a line begins and ends."""
    begin = 0
    for stop in _STOP.finditer(text):
        word = text[max(begin, stop.start() - 12) : stop.start()].rsplit(" ", 1)[-1]
        follows = text[stop.end() : stop.end() + 1]
        is_short = text[stop.start()] == "." and word.lstrip("(['\"").lower() in _ABBREVIATIONS
        if follows.islower() or is_short:
            continue
        yield begin, stop.end()
        begin = stop.end()
    if begin < len(text):
        yield begin, len(text)
