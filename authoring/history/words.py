"""Two texts compared word by word, as pieces that are kept, taken out or put in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
MOST = 2_000_000  # pairs of words that are compared; longer passages are shown whole, old then new


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Literal["same", "out", "in"]
    text: str


def compare_texts(before: str, after: str) -> tuple[Piece, ...]:
    """Compare lines first and words inside those that differ, so that long texts stay quick.

    The pieces that are "same" or "out" give `before`, those that are "same" or "in" give `after`.
    """
    return tuple(_joined(_by_lines(before, after)))


def _by_lines(before: str, after: str) -> Iterator[Piece]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[a:b]), "".join(new[c:d])
        if op == "equal":
            yield Piece("same", left)
        else:
            yield from _by_words(left, right)


def _by_words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > MOST:
        yield from _pieces(before, after)
        return
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[a:b]), "".join(new[c:d])
        if op == "equal":
            yield Piece("same", left)
        else:
            yield from _pieces(left, right)


def _pieces(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece("out", before)
    if after:
        yield Piece("in", after)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join what follows one another, and what was changed on both sides of a mere space."""
    held: list[Piece] = []
    for piece in pieces:
        held.append(piece)
        if piece.kind == "same" and (piece.text.strip() or "\n" in piece.text or len(held) == 1):
            yield from _merged(held[:-1])
            yield piece
            held = []
    yield from _merged(held)


def _merged(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Make one passage of changes with the spaces between them; spaces at its end stay the same."""
    end = len(pieces)
    while end and pieces[end - 1].kind == "same":
        end -= 1
    changed = pieces[:end]
    yield from _pieces(
        "".join(p.text for p in changed if p.kind != "in"),
        "".join(p.text for p in changed if p.kind != "out"),
    )
    yield from pieces[end:]
