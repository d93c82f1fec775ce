"""What the checks of a pack found, as it is shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTask:
    """A task that a sentence is about."""

    slug: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """One finding of the checks; the first tasks are named, `more` says how many are not.

    parts: where many findings are of one kind, the text sums them up, and these are folded.
    """

    tone: str
    word: str
    icon: str
    text: str
    tasks: tuple[NamedTask, ...] = ()
    more: str = ""
    parts: tuple["ProblemLine", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """headline: "2 errors keep it from being frozen".

    played, tasks: how many of how many were played so far; is_waiting while they are not all.
    """

    tone: str
    headline: str
    lines: tuple[ProblemLine, ...]
    note: str = ""
    played: int = 0
    tasks: int = 0

    @property
    def is_waiting(self) -> bool:
        return self.played < self.tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksPage:
    slug: str
    title: str
    checks: Checks
