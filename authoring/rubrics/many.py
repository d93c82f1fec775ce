"""Several criteria at once: one for each row of a list, or one for each field of a row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from authoring.rubrics.field_checks import of_field
from authoring.rubrics.results import sentence_of
from authoring.rubrics.subjects import Subject
from grading.graders import Evidence
from simulation.entities import Row
from simulation.errors import InvalidArgument
from simulation.forms.values import ANY, read_value
from simulation.paths import read_path, reference_at
from simulation.query import WorldQuery
from simulation.state import WorldState
from simulation.text import clean_text
from simulation.titles import title_of
from simulation.wording import counted, listed, shown, spoken, spoken_path

MOST = 100
SHOWN = 5
NAMED, LISTED, MADE = "named", "listed", "made"
TYPED, REFERENCE, JUDGE = "typed", "reference", "judge"
CHECKS = {
    NAMED: "the answer names it",
    LISTED: "the answer lists it, by id or name",
    MADE: "a new row names it, such as a message to a customer",
    TYPED: "a field of it holds a value",
    REFERENCE: "a field of it is as the reference leaves it",
    JUDGE: "a judge decides what the text says",
}
_PLACE = re.compile(r"\{\s*([A-Za-z_][\w.]*)\s*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What shall be made of each row. pattern: the text, with {id}, {title} and {fields}."""

    pattern: str = ""
    check: str = NAMED
    path: str = ""
    value: str = ""
    points: int = 1
    category: str = "correctness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The criteria of a wish; `problem` says why there are none."""

    criteria: tuple[Mapping[str, Any], ...] = ()
    noun: str = ""
    entity_type: str = ""
    problem: str = ""

    @property
    def count(self) -> int:
        return len(self.criteria)

    @property
    def first(self) -> list[tuple[str, str]]:
        """Text and sentence of the first ones."""
        return [(each["text"], sentence_of(each["check"])) for each in self.criteria[:SHOWN]]

    @property
    def more(self) -> int:
        return max(0, self.count - SHOWN)


def read_wish(given: QueryDict) -> Wish:
    check = given.get("check", NAMED)
    points = given.get("points", "1")
    is_points = re.fullmatch(r"-?[1-9]\d?", points, re.ASCII)
    return Wish(
        pattern=clean_text(given.get("pattern", ""), limit=1000)[0].strip(),
        check=check if check in CHECKS else NAMED,
        path=given.get("field", "").strip()[:200],
        value=clean_text(given.get("value", ""), limit=2000)[0],
        points=int(points) if is_points else 1,
        category=given.get("category", "correctness"),
    )


def rows_meant(query: WorldQuery, ready: WorldState) -> tuple[str, list[Row]]:
    """Give the rows that a question is about: those that it lists by reference, else its own.

    Raises InvalidArgument for a list of what are no rows.
    """
    rows = query.rows(ready)
    paths = query.measure.paths
    if query.measure.kind != "list" or paths[0] == "id":
        return query.entity_type, rows
    company = ready.snapshot.company
    target = reference_at(company, query.entity_type, paths[0])
    if target is None:
        raise InvalidArgument(
            f"{paths[0]} names no rows: list id, or a field that names another row"
        )
    path = read_path(company, query.entity_type, paths[0])
    keys = dict.fromkeys(str(value) for row in rows for value in path.values(ready, row))
    return target, [row for key in keys if (row := ready.get(target, key))]


def per_row(query: WorldQuery, wish: Wish, ready: WorldState, evidence: Evidence | None) -> Made:
    """Make one criterion of each row that a question is about."""
    try:
        entity_type, rows = rows_meant(query, ready)
    except InvalidArgument as error:
        return Made(problem=error.message)
    noun = counted(len(rows), entity_type)
    try:
        made = [_of_row(wish, ready, evidence, entity_type, row) for row in rows[:MOST]]
    except InvalidArgument as error:
        return Made(problem=error.message, entity_type=entity_type)
    problem = ""
    if not 0 < len(rows) <= MOST:
        problem = _too_many(noun) if rows else "No row matches: loosen a condition."
    return Made(
        criteria=() if problem else tuple(made),
        noun=noun,
        entity_type=entity_type,
        problem=problem,
    )


def _too_many(rows: str) -> str:
    return f"{rows} are too many: a rubric has at most {MOST} criteria. Narrow the question."


def default_pattern(check: str, entity_type: str, path: str) -> str:
    label = spoken(entity_type)
    if check in (NAMED, LISTED):
        verb = "names" if check == NAMED else "lists"
        return f"The answer {verb} the {label} {{title}} ({{id}})."
    if check == MADE:
        made = spoken(path.partition(".")[0]) or "row"
        return f"There is a new {made} for the {label} {{title}} ({{id}})."
    if check == JUDGE:
        return f"The answer says what becomes of the {label} {{title}} ({{id}})."
    return f"The {spoken(path) or 'status'} of {label} {{id}} is as expected."


def per_field(
    ready: WorldState,
    evidence: Evidence | None,
    entity_type: str,
    row: Row,
    names: Sequence[str],
) -> list[Mapping[str, Any]]:
    """Make one criterion of each named field of a row, as the row is at the end."""
    subject = subject_of(ready, evidence, entity_type, row)
    made: list[Mapping[str, Any]] = []
    for name in names:
        text, check, _ = of_field(subject, name)
        made.append({"text": text[:1000], "check": check})
    return made


def subject_of(ready: WorldState, evidence: Evidence | None, entity_type: str, row: Row) -> Subject:
    """Give a row as the reference leaves it; where nothing was played, as it is at the start."""
    if evidence is None:
        spec: Any = None
        return Subject(Evidence(spec, (), "", ready), entity_type, row)
    changes = (c for c in evidence.diff if (c.entity_type, c.id) == (entity_type, row["id"]))
    now = evidence.world.get(entity_type, row["id"])
    return Subject(evidence, entity_type, now or row, next(changes, None))


def _of_row(
    wish: Wish, ready: WorldState, evidence: Evidence | None, entity_type: str, row: Row
) -> dict[str, Any]:
    pattern = wish.pattern or default_pattern(wish.check, entity_type, wish.path)
    text = _filled(pattern, ready, entity_type, row)
    return {
        "text": text[:1000],
        "points": wish.points,
        "category": wish.category,
        "check": _check(wish, ready, evidence, entity_type, row),
    }


def _check(
    wish: Wish, ready: WorldState, evidence: Evidence | None, entity_type: str, row: Row
) -> dict[str, Any]:
    if wish.check == NAMED:
        return {"kind": "response", "entity": {"entity_type": entity_type, "id": row["id"]}}
    if wish.check == JUDGE:
        return {"kind": "judge"}
    if wish.check == LISTED:
        title = title_of(ready.entity_types[entity_type], row)
        names = list(dict.fromkeys(filter(None, (title, row["id"]))))
        return {"kind": "response", "list": {"items": [names], "allow_extra": True}}
    if wish.check == MADE:
        return _made(wish, ready, entity_type, row)
    return _held(wish, ready, evidence, entity_type, row)


def _made(wish: Wish, ready: WorldState, entity_type: str, row: Row) -> dict[str, Any]:
    """Ask for a new row that names this one: wish.path is TYPE.FIELD."""
    if wish.path not in dict(namers(ready, entity_type)):
        raise InvalidArgument("choose which new rows name it")
    namer, _, path = wish.path.partition(".")
    where = [{"path": path, "value": row["id"]}]
    return {"kind": "state", "entity_type": namer, "created": True, "where": where, "exists": True}


def namers(ready: WorldState, entity_type: str) -> list[tuple[str, str]]:
    """Give (TYPE.FIELD, words) of all fields that name rows of a type."""
    return [
        (f"{kind.name}.{path}", f"a new {kind.label}, as its {spoken_path(path)}")
        for kind in ready.entity_types.values()
        for path, target in kind.references
        if target == entity_type
    ]


def _held(
    wish: Wish, ready: WorldState, evidence: Evidence | None, entity_type: str, row: Row
) -> dict[str, Any]:
    read_path(ready.snapshot.company, entity_type, wish.path)
    value: Any = read_value(wish.value, ANY) if wish.value.strip() else None
    if wish.check == REFERENCE:
        if evidence is None:
            raise InvalidArgument("the reference cannot be played yet: type the value instead")
        value = _at_the_end(evidence, entity_type, row, wish.path)
    elif value is None:
        raise InvalidArgument("write the value that the field shall hold")
    line = {"path": wish.path, "value": value} if value is not None else _empty(wish.path)
    return {"kind": "state", "entity_type": entity_type, "id": row["id"], "expect": [line]}


def _empty(path: str) -> dict[str, Any]:
    return {"path": path, "op": "is_null"}


def _at_the_end(evidence: Evidence, entity_type: str, row: Row, path: str) -> Any:
    now = evidence.world.get(entity_type, row["id"])
    if now is None:
        raise InvalidArgument(f"{row['id']} is not there any more when the reference is over")
    found = read_path(evidence.world.snapshot.company, entity_type, path).values(
        evidence.world, now
    )
    if len(found) > 1:
        raise InvalidArgument(
            f"{path} has {len(found)} values in {row['id']}: choose another field"
        )
    return found[0] if found else None


def _filled(pattern: str, ready: WorldState, entity_type: str, row: Row) -> str:
    """Write what a row has in the place of each {field}. Raises InvalidArgument for no field."""
    title = title_of(ready.entity_types[entity_type], row) or row["id"]

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name == "title":
            return title
        path = read_path(ready.snapshot.company, entity_type, name)
        return listed(map(shown, path.values(ready, row))) or "–"

    return _PLACE.sub(value, pattern)


def fields_to_tick(subject: Subject) -> Iterator[tuple[str, str, str, bool]]:
    """Give (name, words, value at the end, whether the reference changes it) of each field."""
    changed = {name for name, _, _ in subject.change.fields} if subject.change else set()
    for name in subject.kind.fields:
        if name in subject.kind.stamps:
            continue
        value = subject.row.get(name)
        yield name, spoken(name), "" if value is None else shown(value)[:160], name in changed
