"""What is wrong with files that should become a world: where it is, and what would be right."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Self

from simulation.entities import shorten
from simulation.portability.limits import PROBLEMS_COUNTED, PROBLEMS_KEPT
from simulation.text import clean_text

WORLD_FILE = "world.json"
NOISE_FILE = "manifest.json"
OPTIONS = "options"  # stands for a file where an option is wrong or missing
ARCHIVE = "archive"  # stands for a file where the whole is wrong
NAME_LENGTH, TEXT_LENGTH = 200, 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to repair, or to know; `id` and `field` are "" where there is none."""

    file: str
    text: str
    id: str = ""
    field: str = ""

    @classmethod
    def at(cls, file: str, text: str, *, id: str = "", field: str = "") -> Self:  # noqa: A002
        """Make one of names that somebody else chose: storable, and not too long to show."""
        names = (printable(name) for name in (id, field))
        return cls(printable(file), clean_text(text, limit=TEXT_LENGTH)[0], *names)

    def __str__(self) -> str:
        parts = [self.file, shorten(self.id) if self.id else "", self.field, self.text]
        return ": ".join(part for part in parts if part)

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def printable(name: str) -> str:
    """Give a name that can be stored and shown, whoever chose it."""
    return clean_text(name, limit=NAME_LENGTH)[0]


class Findings:
    """Collects problems and notes while files are read: keeps the first ones, counts the rest.

    Whoever reads many things asks `is_full` before the next one.
    """

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.problems: list[Problem] = list(problems)
        self.notes: list[Problem] = []
        self.count = len(self.problems)

    @property
    def is_full(self) -> bool:
        return self.count >= PROBLEMS_COUNTED

    def add(self, file: str, text: str, *, id: str = "", field: str = "") -> None:  # noqa: A002
        self.count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(Problem.at(file, text, id=id, field=field))

    def note(self, file: str, text: str, *, id: str = "", field: str = "") -> None:  # noqa: A002
        if len(self.notes) < PROBLEMS_KEPT:
            self.notes.append(Problem.at(file, text, id=id, field=field))
