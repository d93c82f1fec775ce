"""Items of a text: the lines of its lists and the rows of its tables, and lines like them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from authoring.mutants.rows import Mention, Vocabulary
from simulation.entities import Row

_ITEM = re.compile(r"\s*(?:[-*+•]|[0-9]{1,3}[.)])\s+\S")
_DIGITS = re.compile(r"[0-9]+(?!.*[0-9])")


@dataclass(frozen=True)
class Items:
    """The lines of a text and which of them are items; `mentions` are the rows that each names."""

    lines: Sequence[str]
    mentions: Mapping[int, Sequence[Mention]]

    @property
    def places(self) -> Sequence[int]:
        return list(self.mentions)

    def holding(self, word: str) -> list[int]:
        """Give the items that have a word whole."""
        whole = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        return [place for place in self.places if whole.search(self.lines[place])]

    def line_about(self, word: str, vocabulary: Vocabulary) -> str:
        """Write a line like the others about the row of an id or name; "" where none is like it."""
        meant = vocabulary.row_named(word)
        if meant is None:
            return ""
        kind, row = meant
        for place, mentions in self.mentions.items():
            for mention in mentions:
                if mention.entity_type == kind:
                    return retold(self.lines[place], mention.row, row)
        return ""

    def foreign(self, place: int, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
        """Write lines like one: about real rows that the text does not name, and about none."""
        line = self.lines[place]
        rows = {m.row["id"]: m for m in self.mentions[place]}
        real, invented = line, line
        for mention in rows.values():
            others = vocabulary.mistakable(mention.entity_type, mention.row, "id", most=200)
            text = "\n".join(self.lines)
            other = next((row for row in others if row["id"] not in text), None)
            if other is not None:
                real = retold(real, mention.row, other)
            invented = invented.replace(mention.row["id"], _unknown(mention.row["id"], vocabulary))
        if real != line:
            yield "a foreign", real
        if invented != line:
            yield "an invented", invented


def items_of(text: str, vocabulary: Vocabulary) -> Items:
    lines = text.split("\n")
    places = [n for n, line in enumerate(lines) if _ITEM.match(line) or _is_row(lines, n)]
    return Items(lines, {place: vocabulary.mentions(lines[place]) for place in places})


def retold(line: str, row: Row, other: Row) -> str:
    """Tell of another row what a line tells of one: its id and every text that the line has."""
    texts = {
        value: str(other[name])
        for name, value in row.items()
        if isinstance(value, str) and isinstance(other.get(name), str) and value in line
    }
    longest_first = sorted(texts, key=len, reverse=True)
    if not longest_first:
        return line
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return pattern.sub(lambda found: texts[found[0]], line)


def _is_row(lines: Sequence[str], place: int) -> bool:
    """Tell whether a line is a row of a table below its head."""
    line = lines[place].strip()
    above = place and lines[place - 1].strip().startswith("|")
    return bool(above) and line.startswith("|") and set(line) > set("|") and not _is_rule(line)


def _is_rule(line: str) -> bool:
    return set(line) <= set("|-: ")


def _unknown(key: str, vocabulary: Vocabulary) -> str:
    """Count the last number of an id up until there is no such row."""
    found = _DIGITS.search(key)
    if found is None:
        return f"{key}-2"
    number = int(found[0])
    while True:
        number += 1
        new = f"{key[: found.start()]}{number:0{len(found[0])}d}{key[found.end() :]}"
        if not vocabulary.type_of(new):
            return new
