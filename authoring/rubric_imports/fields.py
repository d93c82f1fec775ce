"""Members of objects that somebody else wrote: each is read, or noted with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from authoring.rubric_imports.places import Place, spoken
from authoring.rubric_imports.points import RIGHT, read_points
from authoring.rubrics.changes import MAX_TEXT
from grading.criteria import Category
from simulation.entities import shorten

MAX_NOTE = 4000
CATEGORIES = get_args(Category)
_UNSEEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
UNSEEN = "holds characters that cannot be seen or turn the direction of text"
CUT = "the note is cut to 4,000 characters"


@dataclass
class Fields:
    """Reads what belongs to one document; `problems` has what was wrong, in its order."""

    problems: list[str] = field(default_factory=list)

    def wrong(self, place: Place, text: str) -> None:
        self.problems.append(f"{spoken(place)}: {text}" if place else text)

    def text(self, item: Mapping[str, Any], name: str, place: Place) -> str:
        """Give what a criterion says; it must be there and not too long."""
        value = item.get(name)
        text = tidy(value) if isinstance(value, str) else ""
        if not text:
            self.wrong((*place, name), "say what must be true, as text")
        elif len(text) > MAX_TEXT:
            self.wrong(
                (*place, name),
                f"has {len(text):,} characters; a criterion has at most {MAX_TEXT:,}: split it, or"
                " move what explains it into a note",
            )
        return text

    def points(self, value: Any, place: Place) -> int:
        """Give points; 1 where there are none to be read, which is a problem then."""
        points = read_points(value)
        if points is None:
            said = "are missing" if value is None else f"are {shorten(value)}"
            self.wrong(place, f"points {said}: {RIGHT}")
        return points or 1

    def optional(self, item: Mapping[str, Any], name: str, place: Place) -> str:
        value = item.get(name)
        if value is not None and not isinstance(value, str):
            self.wrong((*place, name), "write text, or leave it out")
        return tidy(value) if isinstance(value, str) else ""

    def texts(self, item: Mapping[str, Any], name: str, place: Place) -> tuple[str, ...]:
        value = item.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.wrong((*place, name), "write a list of texts, or leave it out")
            return ()
        return tuple(value)

    def category(self, item: Mapping[str, Any], place: Place) -> str:
        said = self.optional(item, "category", place)
        name = re.sub("[ -]+", "_", said.lower())
        if name and name not in CATEGORIES:
            right = f"write one of {', '.join(CATEGORIES)}"
            self.wrong((*place, "category"), f"{shorten(said)}: {right}")
        return name if name in CATEGORIES else "correctness"

    def objects(self, value: Any, place: Place, what: str) -> list[tuple[Place, dict[str, Any]]]:
        """Give the objects of a list, each with its place. what: "criteria with text"."""
        if not isinstance(value, list):
            self.wrong(place, f"write a list of {what}")
            return []
        if not value:
            self.wrong(place, f"the list is empty: there are no {what} in it")
        found: list[tuple[Place, dict[str, Any]]] = []
        for number, item in enumerate(value):
            if isinstance(item, dict):
                found.append(((*place, number), item))
            else:
                self.wrong((*place, number), f"write an object, one of the {what}")
        return found


def tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def note_of(lines: list[str]) -> tuple[str, tuple[str, ...]]:
    """Join what is kept beside a criterion; with a hint where it had to be cut."""
    note = "\n".join(line for line in lines if line)
    return note[:MAX_NOTE], (CUT,) if len(note) > MAX_NOTE else ()


def hints_on(text: str) -> tuple[str, ...]:
    return (UNSEEN,) if _UNSEEN.search(text) else ()
