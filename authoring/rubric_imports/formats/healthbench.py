"""HealthBench: rows of messages with criteria of signed points and tags."""

from collections.abc import Mapping
from typing import Any

from authoring.content import DraftContent
from authoring.rubric_imports import FORMATS, Format, Incoming, Part, Reading
from authoring.rubric_imports.fields import CATEGORIES, Fields, hints_on, note_of
from authoring.rubric_imports.places import Place, spoken
from authoring.rubric_imports.rows import Row, chosen_row, parts_of, rows_of
from authoring.rubric_imports.writing import as_line, criteria_of

LISTS = ("rubrics", "rubric", "criteria")
ABOUT = ("prompt", "prompt_id")
AXES = {
    "accuracy": "correctness",
    "context_awareness": "correctness",
    "completeness": "completeness",
    "communication_quality": "format_compliance",
    "instruction_following": "constraint_satisfaction",
}
_AXIS, _CATEGORY = "axis:", "category:"


def fits(document: Any) -> bool:
    items = [item for row in rows_of(document, LISTS) for item in row.objects]
    return any("criterion" in item for item in items)


def parts(document: Any) -> tuple[Part, ...]:
    return parts_of(rows_of(document, LISTS), ABOUT)


def read(document: Any, part: str) -> Reading:
    row = chosen_row(rows_of(document, LISTS), part)
    fields, criteria = Fields(), []
    if row is None:
        return Reading(problems=("choose one of the rows",))
    for place, item in fields.objects(row.items, row.place, "criteria with criterion and points"):
        criteria.append(_incoming(fields, place, item, _origin(row)))
    notices = ["the prompt of the row is not taken, only its criteria"] if row.about else []
    return Reading(
        criteria=tuple(criteria), problems=tuple(fields.problems), notices=tuple(notices)
    )


def write(slug: str, content: DraftContent) -> bytes:
    rubrics = [
        {
            "criterion": each.text,
            "points": each.points,
            "tags": [f"{_CATEGORY}{each.category}", f"key:{each.key}"],
        }
        for each in criteria_of(content)
    ]
    prompt = [{"role": "user", "content": content.prompt}]
    tags = list(content.tags)
    return as_line({"prompt_id": slug, "prompt": prompt, "rubrics": rubrics, "example_tags": tags})


def _incoming(fields: Fields, place: Place, item: Mapping[str, Any], origin: str) -> Incoming:
    tags = fields.texts(item, "tags", place)
    text = fields.text(item, "criterion", place)
    note, hints = note_of([origin, f"Tags: {', '.join(tags)}" if tags else ""])
    return Incoming(
        place=spoken(place),
        text=text,
        points=fields.points(item.get("points"), (*place, "points")),
        before=f"{item.get('points')} points",
        category=_category(tags),
        key=_tagged(tags, "key:"),
        note=note,
        hints=(*hints_on(text), *hints),
    )


def _origin(row: Row) -> str:
    """Say where a criterion comes from: the row's id and its own tags."""
    number, tags = row.about.get("prompt_id"), row.about.get("example_tags")
    said = [f"HealthBench row {number}"] if isinstance(number, str) else []
    if isinstance(tags, list) and tags:
        said.append(f"example tags: {', '.join(map(str, tags))}")
    return "; ".join(said)[:1000]


def _category(tags: tuple[str, ...]) -> str:
    own = _tagged(tags, _CATEGORY)
    return own if own in CATEGORIES else AXES.get(_tagged(tags, _AXIS), "correctness")


def _tagged(tags: tuple[str, ...], start: str) -> str:
    return next((tag.removeprefix(start).strip() for tag in tags if tag.startswith(start)), "")


FORMATS.add("healthbench")(
    Format(
        title="HealthBench",
        shape='{"prompt": […], "rubrics": [{"criterion", "points", "tags"}]}, one object or a line'
        " each",
        suffix="jsonl",
        media_type="application/jsonl",
        fits=fits,
        parts=parts,
        read=read,
        write=write,
    )
)
