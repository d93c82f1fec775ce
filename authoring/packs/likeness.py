"""Prompts that are nearly the same: sets of words that share most of what they have.

Sets are compared only where they share one of their rare words: of two that are alike enough, the
rarest words of one can not all be missing from the other.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from math import ceil

Words = frozenset[str]
ALIKE = 0.8  # shared words by all words of both


def likeness(one: Words, other: Words) -> float:
    """Give the share of words that two sets have in common, 0 to 1."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def alike(sets: Collection[Words]) -> Mapping[Words, set[Words]]:
    """Give for each set those others that are nearly the same; sets without any are left out."""
    near: dict[Words, set[Words]] = defaultdict(set)
    for one, other in _candidates({words for words in sets if words}):
        if likeness(one, other) >= ALIKE:
            near[one].add(other)
            near[other].add(one)
    return near


def _candidates(sets: Collection[Words]) -> Iterator[tuple[Words, Words]]:
    often = Counter(word for words in sets for word in words)
    by_rare: dict[str, list[Words]] = defaultdict(list)
    for words in sorted(sets, key=len):
        found = dict.fromkeys(
            other
            for word in _rare(words, often)
            for other in by_rare[word]
            if len(other) >= ALIKE * len(words)
        )
        yield from ((words, other) for other in found)
        for word in _rare(words, often):
            by_rare[word].append(words)


def _rare(words: Words, often: Mapping[str, int]) -> list[str]:
    """Give so many of its rarest words that a set like it has one of them."""
    ranked = sorted(words, key=lambda word: (often[word], word))
    return ranked[: len(words) - ceil(ALIKE * len(words)) + 1]
