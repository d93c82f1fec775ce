"""A text that was pasted or uploaded, read as JSON or lines of JSON; anything else is a table."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from authoring.rubric_imports import MAX_BYTES
from authoring.rubric_imports.places import read_dotted, spoken
from simulation.errors import InvalidArgument, Problems
from simulation.portability.strict_json import faults, read_json, read_text
from simulation.text import ESCAPES_NOTE, clean_json, clean_text

MOST_PROBLEMS = 50
TOO_LARGE = "the text is larger than 1 MB: bring in a part of it"


@dataclass(frozen=True, slots=True)
class Source:
    """document: a JSON value, or the text itself where it is none. note: what was changed."""

    document: Any
    note: str = ""


def received_text(data: bytes) -> str:
    """Read a file as text. Raises InvalidArgument that says what it should be."""
    if len(data) > MAX_BYTES:
        raise InvalidArgument(TOO_LARGE)
    try:
        return clean_text(read_text(data))[0]
    except InvalidArgument as error:
        raise InvalidArgument(f"the file {error.message}") from None


def read_source(text: str, *, is_table: bool = False) -> Source:
    """Read a text. is_table: it is no JSON, whatever it looks like.

    Raises Problems that name every place where it cannot be read.
    """
    text, note = clean_text(text.removeprefix("\ufeff"), limit=len(text))
    if len(text.encode()) > MAX_BYTES:
        raise Problems([TOO_LARGE])
    if not text.strip():
        raise Problems(["there is no text: paste a rubric, or choose a file"])
    if is_table or text.lstrip()[0] not in "{[":
        return Source(text, note)
    value = _read(text)
    if found := list(islice(faults(value), MOST_PROBLEMS)):
        raise Problems(
            [f"{spoken(read_dotted(path)) or 'the text'}: {said}" for path, said in found]
        )
    try:
        cleaned = clean_json(value)
    except InvalidArgument as error:
        raise Problems([f"the text: {error.message}"]) from None
    return Source(cleaned, note or ("" if cleaned == value else ESCAPES_NOTE))


def _read(text: str) -> Any:
    try:
        return read_json(text.encode())
    except InvalidArgument as error:
        lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2 or not _is_json(lines[0][1]):
            raise Problems([f"the text {error.message}"]) from None
        return _read_lines(lines)


def _is_json(line: str) -> bool:
    try:
        return isinstance(read_json(line.encode()), dict | list)
    except InvalidArgument:
        return False


def _read_lines(lines: list[tuple[int, str]]) -> list[Any]:
    values, problems = [], []
    for number, line in lines:
        try:
            values.append(read_json(line.encode()))
        except InvalidArgument as error:
            said = error.message.replace(" in line 1, column", " in column")
            problems.append(f"line {number}: {said}")
    if problems:
        raise Problems(problems[:MOST_PROBLEMS])
    return values
