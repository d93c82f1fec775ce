"""Mentions: which of the expected items a line names, and whether it names them as its own
subject."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from grading.reading.kin import Kin
from grading.reading.plain import needle, word_set

Spellings = tuple[tuple[str, ...], ...]  # of each item, one or more


class Mention(NamedTuple):
    """An expected item, by its number, and where it stands."""

    item: int
    start: int
    end: int


class Named(NamedTuple):
    """What a line names. `is_head`: it begins with an item, perhaps after a label such as
    "Customer:".

    other: an item of the same kind that is not expected and that the line is about instead.
    """

    mentions: tuple[Mention, ...] = ()
    is_head: bool = False
    label: str = ""
    other: str = ""


class Vocabulary:
    """The expected items in all spellings, ready to be found in text."""

    def __init__(self, spellings: Spellings, kin: Kin) -> None:
        self.kin = kin
        self._items = {
            needle(spelling): number for number, each in enumerate(spellings) for spelling in each
        }
        self.word_counts = [len(words.split()) for words in self._items]
        self._pattern = _pattern((*self._items, *kin.longer))

    def find(self, text: str) -> list[tuple[int | None, int, int]]:
        """Give (item, start, end) of every mention; None for a longer name of another item."""
        return [
            (self._item(found[0]), *found.span()) for found in self._pattern.finditer(text.lower())
        ]

    def _item(self, written: str) -> int | None:
        item = self._items.get(written)
        return self._items.get(" ".join(written.split())) if item is None else item

    def named(self, text: str) -> Named:
        """Read what a list item, a table cell or a line is about."""
        chain = self.chain(text)
        if not chain:
            return Named(other=self.kin.at_head(text) or self.kin.at_head(_after_label(text)))
        if chain[0].start == 0:
            return Named(chain, is_head=True)
        before = text[: chain[0].start]
        if other := self.kin.at_head(_after_label(before)):
            return Named(other=other)
        label = _label(before)
        return Named(chain, label is not None, label or "")

    def chain(self, text: str) -> tuple[Mention, ...]:
        """Give the first mention and those that are listed with it: "Ana Lima (gold), Bo Chen"."""
        mentions: list[Mention] = []
        last = 0
        for found in self._pattern.finditer(text.lower()):
            item = self._item(found[0])
            if item is None:
                continue
            start, end = found.span()
            if mentions and not _goes_on(text[max(last, start - _LONGEST_STEP) : start]):
                break
            mentions.append(Mention(item, start, end))
            last = end
        return tuple(mentions)


@lru_cache(maxsize=256)
def vocabulary(spellings: Spellings, kin: Kin) -> Vocabulary:
    return Vocabulary(spellings, kin)


@lru_cache(maxsize=256)
def _pattern(names: Sequence[str]) -> "re.Pattern[str]":
    longest_first = sorted(set(names), key=len, reverse=True)
    spelled = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest_first)
    return re.compile(rf"(?<!\w)(?<!\w-)(?:{spelled})(?!\w)(?!-\w)")


_LONGEST_STEP = 200  # characters from one item of a sentence to the next
_STEP = re.compile(
    r"(?:[,;/&|>]|\band\b|\bthen\b|\bfollowed by\b)\s*(?:[^,;/&|()]{0,40}(?P<label>[:(])\s*)?"
    r"(?:(?:and\s+)?(?:second|third|fourth|fifth|next|last|finally|then)(?:\s+(?:to|is|comes))?\s+)?"
    r"(?:the\s+)?[\"'\[]*$",
    re.IGNORECASE,
)


def _goes_on(gap: str) -> bool:
    """Tell whether a list goes on after an item: ", ", " (gold) and ", "; silver: "."""
    step = _STEP.search(gap)
    if not step:
        return False
    depth = gap.count("(") - gap.count(")")
    return depth <= (1 if step["label"] == "(" else 0)


_LABEL_WORDS = word_set(
    "customer customers order orders product products ticket tickets item items employee name id"
    " sku mr mrs ms dr the no number x for"
)
_LABEL_END = re.compile(r"[:(|#\"'\[/=]\s*$|\s-\s*$")
_LONGEST_LABEL = 60
_LONGEST_HEAD = 300


def _label(before: str) -> str | None:
    """Give what stands before an item when it only introduces it; None when the line is about
    something else."""
    if len(before) > _LONGEST_LABEL:
        return None
    words = re.findall(r"[\w-]+", before.lower())
    if not words:
        return ""
    if _LABEL_END.search(before):
        return " ".join(words)
    is_plain = all(word in _LABEL_WORDS or any(c.isdigit() for c in word) for word in words)
    return " ".join(words) if is_plain and len(words) <= 3 else None


def _after_label(text: str) -> str:
    """Cut a label such as "Customer:" off."""
    head, colon, rest = text[:_LONGEST_HEAD].partition(":")
    is_label = colon and rest.strip() and len(head.split()) <= 3
    return rest if is_label else text
