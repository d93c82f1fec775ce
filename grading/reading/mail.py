"""Mail: the subject, the greeting and the closing of an e-mail inside a text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grading.reading.plain import word_set

_SUBJECT = re.compile(r"(?:e-?mail\s+)?subject(?:\s+line)?\s*[:\-]\s*(?P<text>\S.{0,300})", re.I)
_GREETING = re.compile(
    r"(?:dear|hi|hello|hey|greetings|good\s+(?:morning|afternoon|evening|day)"
    r"|to\s+whom\s+it\s+may\s+concern)\b(?P<who>[^,:;!\n]{0,80})(?P<end>[,:;!]|$|\s-\s)",
    re.I,
)
_CLOSING = re.compile(
    r"(?:(?:with\s+)?(?:best|kind|warm|warmest|kindest|many)\s+(?:regards|wishes|thanks)|regards"
    r"|best|cheers|sincerely|cordially|respectfully|faithfully|take\s+care|all\s+the\s+best"
    r"|yours(?:\s+(?:sincerely|truly|faithfully))?|sincerely\s+yours|(?:many\s+)?thanks(?:\s+again)?"
    r"|thank\s+you(?:\s+again)?|with\s+(?:appreciation|gratitude|apologies))"
    r"\s*(?:[,.!]|$|\s-\s)(?P<rest>.*)",
    re.I,
)
_MOST_WORDS_OF_A_GREETING = 6
_MOST_WORDS_OF_A_SIGNATURE = 6
_TITLES = word_set("mr mrs ms miss dr prof mx sir madam")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an e-mail: its line, and what it says besides the set words."""

    line: str
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """The parts of an e-mail, in the order in which they must stand; None for a missing one."""

    subject: Part | None
    greeting: Part | None
    closing: Part | None

    @property
    def greeted(self) -> frozenset[str]:
        """Give the words by which somebody is greeted, without titles."""
        words = re.findall(r"\w[\w'-]*", self.greeting.text.lower()) if self.greeting else []
        return frozenset(words) - _TITLES


def read_mail(text: str) -> Mail:
    """Read the first e-mail of a plain text: each part is looked for after the one before."""
    lines = [line.strip(" \t>|") for line in text.splitlines()]
    lines = [line for line in lines if line]
    at, subject = _first(lines, 0, _subject)
    at, greeting = _first(lines, at, _greeting)
    _, closing = _first(lines, at, _closing)
    return Mail(subject, greeting, closing)


def _first(
    lines: Sequence[str], begin: int, read: Callable[[str], str | None]
) -> tuple[int, Part | None]:
    """Give the first such part from a line on, and the line that follows it."""
    for at in range(begin, len(lines)):
        if (text := read(lines[at])) is not None:
            return at + 1, Part(lines[at], text)
    return begin, None


def _subject(line: str) -> str | None:
    found = _SUBJECT.match(line.lstrip("#*- "))
    return found["text"].strip() if found else None


def _greeting(line: str) -> str | None:
    found = _GREETING.match(line)
    if not found or len(found["who"].split()) > _MOST_WORDS_OF_A_GREETING:
        return None
    return found["who"].strip(" -.")


def _closing(line: str) -> str | None:
    found = _CLOSING.fullmatch(line)
    is_short = found and len(found["rest"].split()) <= _MOST_WORDS_OF_A_SIGNATURE
    return found["rest"].strip(" -,.") if found and is_short else None
