"""RaR (rubrics as rewards): lists of title, description and weight, four ranks of importance."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from authoring.content import DraftContent
from authoring.rubric_imports import FORMATS, Format, Incoming, Part, Reading
from authoring.rubric_imports.fields import Fields, hints_on, note_of, tidy
from authoring.rubric_imports.places import Place, spoken
from authoring.rubric_imports.points import RIGHT, factor_to_whole, fraction_of
from authoring.rubric_imports.rows import chosen_row, parts_of, rows_of
from authoring.rubric_imports.writing import as_json, criteria_of
from simulation.entities import shorten

LISTS = ("rubric", "rubrics", "rubric_list", "criteria")
ABOUT = ("question", "prompt", "title")
RANKS = {"essential": 5, "important": 3, "optional": 1, "pitfall": -1}
TITLES = {
    "format_compliance": ("format", "style", "length", "layout", "tone", "concise"),
    "completeness": ("complete", "coverage", "covers", "all "),
    "constraint_satisfaction": ("constraint", "avoid", "limit", "policy", "safety"),
}
_PREFIX = re.compile(r"(essential|important|optional|pitfall)(?: criteria| criterion)?:\s*", re.I)
_NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,4})?", re.ASCII)


def fits(document: Any) -> bool:
    items = [item for row in rows_of(document, LISTS) for item in row.objects]
    return any("description" in item and {"weight", "title"} & set(item) for item in items)


def parts(document: Any) -> tuple[Part, ...]:
    return parts_of(rows_of(document, LISTS), ABOUT)


def read(document: Any, part: str) -> Reading:
    row = chosen_row(rows_of(document, LISTS), part)
    fields = Fields()
    if row is None:
        return Reading(problems=("choose one of the rows",))
    what = "criteria with title, description and weight"
    items = fields.objects(row.items, row.place, what)
    weights = [_weight(fields, (*place, "weight"), item) for place, item in items]
    factor = factor_to_whole(weights)
    if factor is None:
        _not_whole(fields, items, weights)
    made = [
        _incoming(fields, place, item, int(weight * (factor or 1)) or 1)
        for (place, item), weight in zip(items, weights, strict=True)
    ]
    return Reading(
        criteria=tuple(made),
        problems=tuple(fields.problems),
        notices=tuple(_rules(items, factor or 1, made)),
    )


def write(slug: str, content: DraftContent) -> bytes:
    return as_json(
        [
            {
                "title": each.key.replace("-", " ").capitalize(),
                "description": f"{_rank(each.points)} Criteria: {each.text}",
                "weight": each.points,
            }
            for each in criteria_of(content)
        ]
    )


def _weight(fields: Fields, place: Place, item: Mapping[str, Any]) -> Fraction:
    """Read a weight: a number, a text that holds one, or a rank; 1 where it is none."""
    value = item.get("weight")
    if isinstance(value, str):
        text = value.strip()
        rank = RANKS.get(text.lower().removesuffix("criteria").strip())
        found = Fraction(rank) if rank else Fraction(text) if _NUMBER.fullmatch(text) else None
    else:
        found = fraction_of(value)
    if not found:
        said = "is missing" if value is None else f"is {shorten(value)}"
        ranks = ", ".join(f"{name} ({points})" for name, points in RANKS.items())
        fields.wrong(place, f"the weight {said}: write a number that is not 0, or {ranks}")
    return found or Fraction(1)


def _not_whole(
    fields: Fields, items: Sequence[tuple[Place, Any]], weights: Sequence[Fraction]
) -> None:
    for (place, item), weight in zip(items, weights, strict=True):
        if factor_to_whole([weight]) != 1:
            said = shorten(item.get("weight"))
            fields.wrong((*place, "weight"), f"the weight {said} makes no points: {RIGHT}")


def _incoming(fields: Fields, place: Place, item: Mapping[str, Any], points: int) -> Incoming:
    title = fields.optional(item, "title", place)
    said = item.get("description")
    rank = _PREFIX.match(tidy(said)) if isinstance(said, str) else None
    rest = tidy(said)[rank.end() :] if rank and isinstance(said, str) else said
    text = fields.text({"description": rest}, "description", place)
    weight = item.get("weight")
    called = rank.group(1).capitalize() if rank else ""
    lines = [f"RaR: {title}" if title else "", f"Rank: {called}" if called else ""]
    note, hints = note_of([*lines, f"Weight: {weight}"])
    return Incoming(
        place=spoken(place),
        text=text,
        points=points,
        before=f"weight {weight}" + (f", {called.lower()}" if called else ""),
        category=_category(title),
        name=title,
        note=note,
        hints=(*hints_on(text), *hints, *_odd(called, points)),
    )


def _odd(rank: str, points: int) -> tuple[str, ...]:
    if rank and (rank == "Pitfall") == (points > 0):
        given = "gives" if points > 0 else "takes"
        return (f"is called {rank.lower()}, and {given} points",)
    return ()


def _rules(
    items: Sequence[tuple[Place, Mapping[str, Any]]], factor: int, made: Sequence[Incoming]
) -> list[str]:
    rules = []
    if any(str(item.get("weight")).strip()[:1].isalpha() for _, item in items):
        ranks = ", ".join(f"{name} {points}" for name, points in RANKS.items())
        rules.append(f"words became points: {ranks}")
    if factor > 1:
        rules.append(f"every weight was multiplied by {factor}, so that all are whole points")
    if any(each.points < 0 for each in made):
        rules.append("what takes points must say what went wrong, not what would have been right")
    return rules


def _category(title: str) -> str:
    said = f"{title.lower()} "
    fitting = (name for name, words in TITLES.items() if any(word in said for word in words))
    return next(fitting, "correctness")


def _rank(points: int) -> str:
    if points < 0:
        return "Pitfall"
    return "Essential" if points >= 5 else "Important" if points >= 3 else "Optional"


FORMATS.add("rar")(
    Format(
        title="RaR",
        shape='[{"title", "description", "weight"}], also as rows of a data set',
        suffix="json",
        media_type="application/json",
        fits=fits,
        parts=parts,
        read=read,
        write=write,
    )
)
