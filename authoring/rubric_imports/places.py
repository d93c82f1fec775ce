"""Where something is in a document, in words: names and positions, counted from 1."""

from collections.abc import Iterable

from simulation.portability.problems import printable

Place = tuple[str | int, ...]


def spoken(place: Iterable[str | int]) -> str:
    """Name a place: ("rubrics", 2, "points") is "rubrics 3, points"."""
    words: list[str] = []
    for part in place:
        if isinstance(part, str):
            words.append(printable(part))
        elif words and not words[-1][-1:].isdigit():
            words[-1] = f"{words[-1]} {part + 1}"
        else:
            words.append(f"item {part + 1}")
    return ", ".join(words)


def read_dotted(path: str) -> Place:
    """Read a path as `simulation.portability.strict_json` writes it."""
    return tuple(int(part) if part.isdecimal() else part for part in path.split(".") if part)
