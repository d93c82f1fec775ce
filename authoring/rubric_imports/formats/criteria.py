"""Our own form: criteria as the task files of a bundle have them, checks included."""

from collections.abc import Mapping
from typing import Any

from authoring.content import DraftContent
from authoring.rubric_imports import FORMATS, Format, Incoming, Part, Reading
from authoring.rubric_imports.fields import Fields, hints_on, note_of
from authoring.rubric_imports.places import Place, spoken
from authoring.rubric_imports.rows import chosen_row, parts_of, rows_of
from authoring.rubric_imports.writing import as_json, criteria_of
from grading.graders import GRADERS

LISTS = ("rubric", "criteria")
ABOUT = ("title", "id", "prompt")
KNOWN = {"key", "text", "category", "points", "note", "check"}


def fits(document: Any) -> bool:
    rows = rows_of(_unwrapped(document), LISTS)
    return any("text" in item for row in rows for item in row.objects)


def parts(document: Any) -> tuple[Part, ...]:
    return parts_of(rows_of(_unwrapped(document), LISTS), ABOUT)


def read(document: Any, part: str) -> Reading:
    row = chosen_row(rows_of(_unwrapped(document), LISTS), part)
    fields, made = Fields(), []
    if row is None:
        return Reading(problems=("choose one of the rows",))
    for place, item in fields.objects(row.items, row.place, "criteria with text and points"):
        made.append(_incoming(fields, place, item))
    return Reading(criteria=tuple(made), problems=tuple(fields.problems))


def _incoming(fields: Fields, place: Place, item: Mapping[str, Any]) -> Incoming:
    """Read a criterion of our own; what may be left out has its usual value then."""
    for name in sorted(set(item) - KNOWN):
        fields.wrong(
            (*place, name), f"there is no such field; there are {', '.join(sorted(KNOWN))}"
        )
    text = fields.text(item, "text", place)
    note, hints = note_of([fields.optional(item, "note", place)])
    given = item.get("points", 1)
    return Incoming(
        place=spoken(place),
        text=text,
        points=fields.points(given, (*place, "points")),
        before=str(given),
        category=fields.category(item, place),
        key=fields.optional(item, "key", place),
        note=note,
        check=_check(fields, item.get("check"), (*place, "check")),
        hints=(*hints_on(text), *hints),
    )


def write(slug: str, content: DraftContent) -> bytes:
    return as_json([each.model_dump(mode="json") for each in criteria_of(content)])


def _check(fields: Fields, value: Any, place: Place) -> Mapping[str, Any]:
    if value is None or value == {}:
        return {}
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in GRADERS:
        fields.wrong(place, f"write an object whose kind is one of {', '.join(GRADERS)}")
        return {}
    return dict(value)


def _unwrapped(document: Any) -> Any:
    """Give a task file whose rubric is an object of criteria as one whose rubric is a list."""
    inner = document.get("rubric") if isinstance(document, dict) else None
    if isinstance(inner, dict) and isinstance(inner.get("criteria"), list):
        return {**document, "rubric": inner["criteria"]}
    return document


FORMATS.add("criteria")(
    Format(
        title="EnterpriseGym",
        shape='[{"text", "points", "category", "key", "note", "check"}], also as a task file of a'
        " bundle",
        suffix="json",
        media_type="application/json",
        fits=fits,
        parts=parts,
        read=read,
        write=write,
    )
)
