"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: what both have (""), what only the newer or only the older has."""

    sign: Literal["", "+", "-"]
    text: str


def words_changed(before: str, after: str) -> tuple[Piece, ...]:
    """Give both texts as one: joined pieces without "+" are `before`, without "-" are `after`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for operation, *places in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        i, j, k, m = places
        if operation == "equal":
            pieces.append(Piece("", "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece("-", "".join(old[i:j])))
        if k < m:
            pieces.append(Piece("+", "".join(new[k:m])))
    return tuple(pieces)
