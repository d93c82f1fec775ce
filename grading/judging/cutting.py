"""Cutting what is too long to be shown: the same way every time, and visibly.

Of a transcript, the middles of tools' results go first, then those of arguments, then those of
words, then whole steps from the middle. Ends stay, because errors and totals stand there.
"""

from collections.abc import Callable, Iterable, Sequence

from grading.judging.fences import OURS

SHORTEST = 400  # characters that a cut text keeps
_MARK = OURS + "… {count:,} characters left out here …"


def cut(text: str, limit: int) -> str:
    """Leave out the middle of a text that is longer than so many characters."""
    if len(text) <= limit:
        return text
    head = (limit + 1) // 2
    tail = limit - head
    mark = _MARK.format(count=len(text) - limit)
    return f"{text[:head]}\n{mark}\n{text[len(text) - tail :]}"


def cut_all(steps: Sequence[Sequence[str]], limit: int) -> list[Sequence[str] | None]:
    """Cut the texts of steps until all of them have so many characters; None: left out whole.

    steps: each one's texts, in the order in which kinds of them are cut.
    """
    shown = [list(texts) for texts in steps]
    for kind in range(max(map(len, steps), default=0)):
        if _size(shown) <= limit:
            break
        rest = _size(shown) - sum(len(texts[kind]) for texts in shown)
        most = _largest_cap([len(texts[kind]) for texts in shown], limit - rest)
        for texts in shown:
            texts[kind] = cut(texts[kind], most)
    if _size(shown) <= limit + _marks(shown):
        return list(shown)
    return _without_middle(shown, limit)


def _largest_cap(lengths: Sequence[int], room: int) -> int:
    """Give the most characters that each may keep, so that all fit; at least SHORTEST."""
    return _largest(lambda cap: sum(min(n, cap) for n in lengths) <= room, max(lengths, default=0))


def _largest(fits: Callable[[int], bool], high: int) -> int:
    low = SHORTEST
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _without_middle(shown: list[list[str]], limit: int) -> list[Sequence[str] | None]:
    """Keep steps from both ends, by turns, while they fit."""
    kept: dict[int, Sequence[str]] = {}
    for place in _from_the_ends(len(shown)):
        limit -= sum(map(len, shown[place]))
        if limit < 0:
            break
        kept[place] = shown[place]
    return [kept.get(place) for place in range(len(shown))]


def _from_the_ends(count: int) -> Iterable[int]:
    for place in range((count + 1) // 2):
        last = count - 1 - place
        yield last
        if last != place:
            yield place


def _size(shown: Iterable[Sequence[str]]) -> int:
    return sum(map(len, (text for texts in shown for text in texts)))


def _marks(shown: Sequence[Sequence[str]]) -> int:
    """Give the characters that notes on what was cut may have added."""
    return len(_MARK) * 2 * sum(map(len, shown))
