"""Listings: the items that a text lists, as bullets, numbered lines, table rows, headings, lines
or in a sentence.

Items are lines of one kind and depth that name an expected item at their head. What stands deeper
is detail; what encloses them is a label. Lines of such a list that name no expected item are
extra, unless they sum up, comment, or carry another label. A list under words such as "not
affected" only counts when there is no other."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple

from grading.reading.lines import Document, Line, sentences
from grading.reading.mentions import Named, Vocabulary
from grading.reading.scopes import Scope, Starts, above, scopes_in, scopes_of_line

LONGEST_EXTRA = 80  # characters of an extra item that are named
Scopes = Callable[[], Iterable[tuple[int, Scope]]]


class Listed(NamedTuple):
    """An expected item, by its number, and the line that lists it."""

    item: int
    line: str


@dataclass(slots=True)
class Listing:
    """What was found: the lines of the expected items by number, and what else is listed.

    lists: each list of the text by itself, as the lines that name items, in order.
    scopes: give what stands with the items of a list or a line, by number; read where somebody
    asks."""

    found: dict[int, str] = field(default_factory=dict)
    extras: list[str] = field(default_factory=list)
    lists: list[list[tuple[Named, str]]] = field(default_factory=list)
    scopes: list[Scopes] = field(default_factory=list)

    def add(self, named: Named, line: str) -> None:
        for mention in named.mentions:
            self.found.setdefault(mention.item, line)
        self.lists[-1].append((named, line))

    def begin(self) -> None:
        """Begin another list."""
        self.lists.append([])

    def sequence(self, count: int) -> list[Listed]:
        """Give the items as one list, one as often as it stands there: of several lists, the first
        that has all of them, else all one after the other."""
        lists = [[item for line in each for item in _listed(*line)] for each in self.lists]
        whole = (each for each in lists if len({item.item for item in each}) == count)
        return next(whole, None) or [item for each in lists for item in each]


def _listed(named: Named, line: str) -> list[Listed]:
    """Give the items of a line; two spellings of one, such as name and id, are one item."""
    listed: list[Listed] = []
    spellings: dict[int, set[str]] = defaultdict(set)
    for item, start, end in named.mentions:
        spelling, before = line[start:end].lower(), spellings[item]
        if not before or spelling in before:
            listed.append(Listed(item, line))
        before.add(spelling)
    return listed


@dataclass(slots=True, eq=False)
class Entry:
    """A line of a list, with what it names, which is read at first use."""

    at: int
    line: Line
    vocabulary: Vocabulary
    known: Named | None = None

    @property
    def named(self) -> Named:
        if self.known is None:
            is_row = self.line.kind in ("row", "head")
            self.known = Named() if is_row else self.vocabulary.named(self.line.text)
        return self.known


def listings(document: Document, vocabulary: Vocabulary) -> Iterator[Listing]:
    """Read a text as lists of one form after the other, the surest form first."""
    lines = document.lines
    entries = [Entry(at, line, vocabulary) for at, line in enumerate(lines)]
    proper = _lists([*_item_lists(entries), *_tables(entries, vocabulary)], lines, vocabulary)
    yield proper
    yield _lists(_buckets(entries, "heading"), lines, vocabulary, is_loose=True)
    yield _lists(_buckets(entries, "text"), lines, vocabulary, is_loose=True)
    yield _in_sentences(lines, ("text", "heading"), vocabulary)
    if not proper.found:
        yield _in_sentences(lines, ("item",), vocabulary)


# the lists of a text


@dataclass(eq=False)
class List:
    """Lines that belong together. `counted` are those that can be items: no labels, details or
    remarks."""

    entries: Sequence[Entry]
    counted: Sequence[Entry]
    matched: Sequence[Entry] = field(init=False)
    heads: Sequence[Entry] = field(init=False)

    def __post_init__(self) -> None:
        self.matched = [entry for entry in self.entries if entry.named.mentions]
        self.heads = [entry for entry in self.matched if entry.named.is_head]

    @property
    def is_dense(self) -> bool:
        """Tell whether at least half of the lines are expected items."""
        if not self.matched:
            return False
        matched = [entry for entry in self.counted if entry.named.mentions]
        return 2 * len(matched) >= len(self.counted)

    @cached_property
    def is_set_apart(self) -> bool:
        """Tell whether the words above say that these are not the ones."""
        above = self.entries[0].line.context
        return any(_SET_APART.search(text) for text in above if text)


_SET_APART = re.compile(
    r"\b(?:not|no|none|never|without|except|outside|other|others|already|ineligible|unaffected"
    r"|exclud\w*|ignor\w*|omit\w*|skip\w*|reject\w*|remov\w*|ruled out|left out|similar"
    r"|for reference|next steps?)\b|n't\b",
    re.IGNORECASE,
)


def _lists(
    lists: Sequence[List],
    lines: Sequence[Line],
    vocabulary: Vocabulary,
    *,
    is_loose: bool = False,
) -> Listing:
    """Join the lists of one form. Loose: a line is an extra only if the world has an item of that
    name."""
    meant = [each for each in lists if each.heads or (each.is_dense and len(each.matched) > 1)]
    meant = [each for each in meant if not each.is_set_apart] or meant
    dense = [each for each in meant if each.is_dense]
    listing = Listing()
    for each in sorted(meant, key=lambda each: each.entries[0].at):
        listing.begin()
        listed = each.heads or each.matched
        for entry in listed:
            listing.add(entry.named, entry.line.text)
        listing.scopes.append(partial(_scopes_of_lines, lines, listed))
    for each in lists:
        if not meant or (each not in meant and each.is_set_apart):
            continue
        is_strict = not is_loose and each in meant and (each in dense or not dense)
        listing.extras += _extras(each, vocabulary, is_strict=is_strict)
    return listing


def _scopes_of_lines(lines: Sequence[Line], listed: Sequence[Entry]) -> Iterator[tuple[int, Scope]]:
    starts = Starts(lines, frozenset(entry.at for entry in listed))
    for entry in listed:
        yield from scopes_of_line(starts, entry.at, entry.named.mentions)


def _extras(each: List, vocabulary: Vocabulary, *, is_strict: bool) -> Iterator[str]:
    labels = {entry.named.label for entry in each.heads}
    longer = _longer_names(each.heads)
    for entry in each.counted:
        text = entry.line.text
        if entry.at in longer:
            yield _head(text)
        elif entry.named.mentions:
            yield from _extras_beside(entry, vocabulary)
        elif entry.named.other or (is_strict and _looks_like_item(text, labels, vocabulary)):
            yield _head(text)


_NAME_GOES_ON = re.compile(r" [A-Z0-9]\w*\s*(?:$|[:;,(|]|\s-\s)")


def _longer_names(heads: Sequence[Entry]) -> set[int]:
    """Give the lines that go on with the name of an item that another line has by itself:
    "Drift Pro" beside "Drift"."""
    ends = {e.at: (e.named.mentions[0].item, e.line.text[e.named.mentions[0].end :]) for e in heads}
    longer = {at for at, (_, rest) in ends.items() if rest and _NAME_GOES_ON.match(rest)}
    if not longer:
        return longer
    alone = {item for at, (item, _) in ends.items() if at not in longer}
    return {at for at in longer if ends[at][0] in alone}


_PARTS = re.compile(r"[,;&]|\band\b")
_OPENING_PARTS = re.compile(r"[:,;]|\b(?:are|is|and)\b")


def _extras_beside(entry: Entry, vocabulary: Vocabulary) -> Iterator[str]:
    """Give the unexpected items that one line lists together with expected ones."""
    rest = entry.line.text[entry.named.mentions[0].end :]
    if not rest:
        return
    for part in _PARTS.split(rest)[1:]:
        if other := vocabulary.kin.at_head(part):
            yield other


# which lines are items


def _item_lists(entries: Sequence[Entry]) -> list[List]:
    return list(
        _buckets([entry for entry in entries if entry.line.kind == "item"], "item", entries)
    )


def _buckets(
    entries: Sequence[Entry], kind: str, everything: Sequence[Entry] | None = None
) -> list[List]:
    """Put lines of one group, mark and depth together."""
    labels, details = _labels_and_details(everything or entries)
    buckets: dict[tuple[int, str, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        line = entry.line
        if line.kind == kind and entry.at not in details:
            group = 0 if kind == "heading" else line.group
            buckets[group, line.mark, line.depth].append(entry)
    return [
        List(bucket, [entry for entry in bucket if entry.at not in labels and _counts(entry)])
        for bucket in buckets.values()
    ]


def _labels_and_details(entries: Sequence[Entry]) -> tuple[set[int], set[int]]:
    """Give the lines that enclose items, and those that an item encloses."""
    labels: set[int] = set()
    details: set[int] = set()
    if all(entry.line.parent is None for entry in entries):
        return labels, details
    heads = {e.at for e in entries if e.line.kind == "item" and e.named.is_head}
    parents = {entry.at: entry.line.parent for entry in entries}
    for entry in entries:
        parent = entry.line.parent
        above = []
        while parent is not None:
            above.append(parent)
            parent = parents.get(parent)
        if any(at in heads for at in above):
            details.add(entry.at)
        elif entry.line.kind == "item" and entry.named.mentions:
            labels.update(above)
    return labels, details


_REMARK = re.compile(
    r"(?:total|sum|grand total|subtotal|overall|note|notes|summary|count|in total|n/a|none"
    r"|no other|no further|no more|all other|all of|these|this|those|they|please|if|let me"
    r"|would you|i|we|you)\b",
    re.IGNORECASE,
)


def _counts(entry: Entry) -> bool:
    """Tell whether a line can be an item: it is neither empty nor a sum nor a remark."""
    text = entry.line.text
    if entry.named.mentions:
        return True
    return bool(text.strip(" -.:|")) and not _REMARK.match(text.lstrip(" |\"'("))


def _looks_like_item(text: str, labels: set[str], vocabulary: Vocabulary) -> bool:
    """Tell whether a line without an expected item would be taken for an item of the list by its
    reader."""
    head, words = _head(text), _head(text).split()
    label, colon, rest = text.partition(":")
    if colon and rest.strip() and any(labels):
        return " ".join(re.findall(r"[\w-]+", label.lower())) in labels
    least, most = min(vocabulary.word_counts), max(vocabulary.word_counts)
    capitals = next((n for n, word in enumerate(words) if not word[:1].isupper()), len(words))
    if capitals >= max(least, 2):
        return True
    is_short = len(words) <= most + 3 and not head.endswith((".", "!", "?"))
    return is_short and (len(words) >= least or any(c.isdigit() for c in head))


_HEAD_END = re.compile(r"\s-\s|[:;,(|]|\s=\s")


def _head(text: str) -> str:
    """Give the part of a line that names its item."""
    head = _HEAD_END.split(text.strip(), maxsplit=1)[0].strip() or text.strip()
    return head if len(head) <= LONGEST_EXTRA else f"{head[:LONGEST_EXTRA]}…"


# tables


def _tables(entries: Sequence[Entry], vocabulary: Vocabulary) -> Iterator[List]:
    groups: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.line.kind in ("row", "head"):
            groups[entry.line.group].append(entry)
    for rows in groups.values():
        read = list(_rows(rows, vocabulary))
        if read:
            yield List(read, [row for row in read if _counts(row)])


def _rows(rows: Sequence[Entry], vocabulary: Vocabulary) -> Iterator[Entry]:
    """Read each row by the columns that name items; other columns may mention them by the way."""
    cells = [[vocabulary.named(cell) for cell in row.line.cells] for row in rows]
    heads = Counter(column for row in cells for column, named in enumerate(row) if named.is_head)
    most = max(heads.values(), default=0)
    columns = [column for column, count in sorted(heads.items()) if 2 * count >= most]
    for row, named in zip(rows, cells, strict=True):
        chosen = [column for column in columns if column < len(named)]
        hit = next((c for c in chosen if named[c].mentions), chosen[0] if chosen else None)
        if row.line.kind == "head" and (hit is None or not named[hit].mentions):
            continue
        if hit is None:
            yield Entry(row.at, row.line, vocabulary, _any_other(named))
            continue
        yield Entry(row.at, _as_cell(row.line, hit), vocabulary, named[hit])


def _any_other(named: Iterable[Named]) -> Named:
    return next((each for each in named if each.other), Named())


def _as_cell(line: Line, column: int) -> Line:
    return Line(line.kind, line.cells[column], line.group, cells=line.cells, context=line.context)


# sentences


def _in_sentences(lines: Iterable[Line], kinds: Collection[str], vocabulary: Vocabulary) -> Listing:
    """Read lists in running text: "The customers are Ana Lima, Bo Chen and Cy Young."."""
    parts = [
        (line.text[begin:end], line)
        for line in lines
        if line.kind in kinds
        for begin, end in sentences(line.text)
    ]
    naming = [(part, line, chain) for part, line in parts if (chain := vocabulary.chain(part))]
    listing = Listing()
    for part, line, chain in [e for e in naming if not _SET_APART.search(e[0])] or naming:
        listing.begin()
        listing.add(Named(chain), part)
        listing.scopes.append(partial(scopes_in, part, chain, above(line)))
        listing.extras += _extras_in_sentence(part, chain[0].start, vocabulary)
    return listing


def _extras_in_sentence(part: str, start: int, vocabulary: Vocabulary) -> Iterator[str]:
    opening = _OPENING_PARTS.split(part[:start])
    for piece in [*opening, *_PARTS.split(part[start:])]:
        if other := vocabulary.kin.at_head(piece):
            yield other
