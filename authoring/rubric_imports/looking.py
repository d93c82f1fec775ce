"""A text looked at: its format, what can be chosen in it, its criteria and all that is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from authoring.rubric_imports import FORMATS, Part, Reading
from authoring.rubric_imports.source import Source, read_source
from simulation.entities import shorten
from simulation.errors import Problems

TABLE = "csv"
MOST_PARTS = 1_000
EMPTY = Reading()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """format: "" where none was recognised. needs_part: several rubrics, and none was chosen."""

    format: str = ""
    parts: Sequence[Part] = ()
    part: str = ""
    reading: Reading = EMPTY

    @property
    def needs_part(self) -> bool:
        return bool(self.format and not self.part and self._must_choose)

    @property
    def _must_choose(self) -> bool:
        return FORMATS[self.format].must_choose and len(self.parts) > 1


def look_at(text: str, *, form: str = "", part: str = "") -> Found:
    """Look at a text. form: a format's name, "" to recognise it; part: one of its parts."""
    if form and form not in FORMATS:
        return _failed(f"there is no format {shorten(form)}; there are {', '.join(FORMATS)}")
    try:
        source = read_source(text, is_table=form == TABLE)
    except Problems as error:
        return replace(_failed(*error.problems), format=form)
    form = form or _recognised(source)
    if not form:
        return _failed(f"it is in none of these forms: {_shapes()}")
    return _read(source, form, part)


def _read(source: Source, form: str, part: str) -> Found:
    chosen = FORMATS[form]
    parts = chosen.parts(source.document)
    if chosen.must_choose and len(parts) <= 1:
        parts = ()
    found = Found(format=form, parts=parts[:MOST_PARTS], part=part)
    if part and part not in [each.value for each in parts]:
        wrong = f"there is no part {shorten(part)}: {_range(parts)}"
        return replace(found, part="", reading=Reading(problems=(wrong,)))
    if found.needs_part:
        wrong = f"it holds {len(parts):,} rubrics: choose one, {_range(parts)}"
        return replace(found, reading=Reading(problems=(wrong,)))
    reading = chosen.read(source.document, part)
    notices = (source.note, *reading.notices) if source.note else reading.notices
    return replace(found, reading=replace(reading, notices=notices))


def _recognised(source: Source) -> str:
    return next((name for name, each in FORMATS.items() if each.fits(source.document)), "")


def _range(parts: Sequence[Part]) -> str:
    if not parts:
        return "it has no parts"
    return f"{parts[0].value} to {parts[-1].value}"


def _shapes() -> str:
    return "; ".join(f"{each.title}: {each.shape}" for each in FORMATS.values())


def _failed(*problems: str) -> Found:
    return Found(reading=Reading(problems=problems))
