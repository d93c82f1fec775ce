"""Cutting what is too long to be shown: the same way every time, and visibly.

Of a transcript, the middles of tools' results go first, then those of arguments, then those of
words, then whole steps from the middle. Ends stay, because errors and totals stand there.
"""

from collections.abc import Callable, Iterable, Sequence

from simulation.fences import cut

SHORTEST = 400  # characters that a cut text keeps


def cut_all(steps: Sequence[Sequence[str]], limit: int) -> list[Sequence[str] | None]:
    """Cut the texts of steps until all of them have so many characters; None: left out whole.

    steps: each one's texts, in the order in which kinds of them are cut. What tells of a cut is
    not counted.
    """
    lengths = [[len(text) for text in texts] for texts in steps]
    caps = _caps(lengths, limit)
    shown = [[cut(text, caps.get(kind, len(text))) for kind, text in enumerate(texts)]
             for texts in steps]  # fmt: skip
    kept = _kept([sum(each) for each in lengths], limit)
    return [texts if place in kept else None for place, texts in enumerate(shown)]


def _caps(lengths: Sequence[list[int]], limit: int) -> dict[int, int]:
    """Give the most characters of a text by kind, for the kinds that must be cut; shorten the
    lengths."""
    caps = {}
    for kind in range(max(map(len, lengths), default=0)):
        total, column = sum(map(sum, lengths)), [each[kind] for each in lengths]
        if total <= limit:
            break
        caps[kind] = _largest_cap(column, limit - total + sum(column))
        for each in lengths:
            each[kind] = min(each[kind], caps[kind])
    return caps


def _largest_cap(lengths: Sequence[int], room: int) -> int:
    """Give the most characters that each may keep, so that all fit; at least SHORTEST."""
    return _largest(lambda cap: sum(min(n, cap) for n in lengths) <= room, max(lengths, default=0))


def _largest(fits: Callable[[int], bool], high: int) -> int:
    low = SHORTEST
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _kept(sizes: Sequence[int], limit: int) -> set[int]:
    """Name the steps that fit: all, or those at both ends, taken by turns."""
    kept = set()
    for place in _from_the_ends(len(sizes)) if sum(sizes) > limit else range(len(sizes)):
        limit -= sizes[place]
        if limit < 0:
            break
        kept.add(place)
    return kept


def _from_the_ends(count: int) -> Iterable[int]:
    for place in range((count + 1) // 2):
        last = count - 1 - place
        yield last
        if last != place:
            yield place
