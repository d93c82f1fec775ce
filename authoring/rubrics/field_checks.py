"""A field of a row as the reference leaves it, as the text and the check of a criterion."""

from collections.abc import Iterator, Mapping
from typing import Any

from authoring.rubrics.subjects import Subject, named, with_traits
from simulation.entities import EntityField
from simulation.paths import reference_at
from simulation.titles import is_long
from simulation.wording import listed, shown, spoken, spoken_path

LONG = 80  # characters of a text that no criterion compares word by word
FEW = 6  # lines that one criterion expects


def of_field(subject: Subject, name: str) -> tuple[str, dict[str, Any], bool]:
    """Give text and check of a criterion about one field; False when the check is not whole yet."""
    value = subject.row.get(name)
    own = spoken_path(name)
    if subject.is_made:
        place = f"The {own} of the new {subject.kind.label}{with_traits(subject, name)}"
    else:
        place = f"The {own} of {subject.name}"
    is_text = isinstance(value, str) and name in subject.kind.fields
    if is_text and (len(str(value)) > LONG or is_long(subject.kind, name)):
        return f"{place} says …", _written(subject, name), False
    lines = [*_expected(subject, name, value)][:FEW]
    said = _said(subject, name, value)
    is_one = not subject.is_made or len(subject.alike(subject.identity(name))) == 1
    match = {} if is_one else {"match": "any"}
    return f"{place} {said}.", {**subject.chosen(name), "expect": lines, **match}, True


def _written(subject: Subject, name: str) -> dict[str, Any]:
    rows = "new" if subject.is_made else "changed"
    where = subject.chosen(name).get("where", [])
    source = {"entity_type": subject.entity_type, "field": name, "rows": rows}
    return {"kind": "response", "source": {**source, **({"where": where} if where else {})}}


def _expected(subject: Subject, path: str, value: Any) -> Iterator[dict[str, Any]]:
    """Give what a field holds as lines of `expect`: each scalar in it is one."""
    if value is None or value in ([], {}):
        yield {"path": path, "op": "is_null"}
    elif isinstance(value, Mapping):
        for name, inside in value.items():
            if inside is not None:
                yield from _expected(subject, f"{path}.{name}", inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _expected(subject, path, inside)
    else:
        yield from _scalar(subject, path, value)


def _scalar(subject: Subject, path: str, value: Any) -> Iterator[dict[str, Any]]:
    """Name a row that was made by what identifies it: its id is another one each time."""
    made = _made_at(subject, path, value)
    if made is None:
        yield {"path": path, "value": value}
    elif traits := made.identity():
        yield from ({"path": f"{path}.{each.path}", "value": each.value} for each in traits)
    else:
        yield {"path": path, "op": "not_null"}


def _made_at(subject: Subject, path: str, value: Any) -> Subject | None:
    """Give the row that a reference names, where the reference solution made it."""
    evidence = subject.evidence
    target = reference_at(evidence.world.snapshot.company, subject.entity_type, path)
    if target is None:
        return None
    for change in evidence.diff:
        if (change.entity_type, change.id) == (target, value) and change.before is None:
            return Subject(evidence, target, change.after or {}, change)
    return None


def _said(subject: Subject, name: str, value: Any) -> str:
    if value is None or value in ([], {}):
        return "is empty"
    if isinstance(value, Mapping | list):
        lines = [*_expected(subject, name, value)][:FEW]
        said = [f"{_inner(line['path'], name)}{shown(line.get('value'))}" for line in lines]
        return f"has {listed(said)}"
    field = subject.kind.fields.get(name)
    if made := _made_at(subject, name, value):
        return f"is a new {made.kind.label}{with_traits(made)}"
    if field and field.target:
        world = subject.evidence.world
        return f"is {named(world.entity_types[field.target], world, value)}"
    return f"is {_value_words(value, field)}"


def _value_words(value: Any, field: EntityField | None) -> str:
    return spoken(str(value)) if field and field.choices else shown(value)


def _inner(path: str, name: str) -> str:
    inside = path.removeprefix(name).removeprefix(".")
    return f"{spoken_path(inside)} " if inside else ""
