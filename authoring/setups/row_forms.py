"""Forms of rows in a setup: of an operation, of a row that shall change, and of a new one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse

from authoring.drafts.document import fingerprint
from authoring.setups.ground import Ground, Operation, Placed, place
from authoring.setups.operations import Numbers, after_update, create, in_rows, update, updated
from authoring.setups.pages import RowForm
from simulation.editing.fields import PREFIX, form_of, id_field
from simulation.editing.sheet import Sheet, Typed, make_sheet
from simulation.entities import EntityType, Row
from simulation.errors import InvalidArgument
from simulation.forms.fields import Field
from simulation.forms.reading import read_inputs
from simulation.forms.writing import write_inputs
from simulation.state import WorldState
from simulation.titles import title_of
from simulation.worlds import check_key


@dataclass(frozen=True)
class RowRead:
    """What was typed: the operation that it makes, and what could not be read of it.

    messages: what is wrong with the operation, each beginning with the path of its field.
    """

    operation: dict[str, Any]
    problems: Mapping[str, str]
    messages: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not self.problems and not self.messages


def kind_of(ground: Ground, entity_type: str) -> EntityType:
    """Raises Http404 for a type that the company does not have."""
    kind = ground.links.company.entity_types.get(entity_type)
    if kind is None:
        raise Http404
    return kind


def fields_of(ground: Ground, kind: EntityType, *, is_new: bool) -> tuple[Field, ...]:
    fields = form_of(ground.links.company, kind.name)
    return (id_field(kind), *fields) if is_new else fields


# The form of an operation that there is


def editable(ground: Ground, number: int) -> Placed:
    """Give an operation that has a form. Raises Http404 for none."""
    found = next((each for each in ground.placed if each.number == number), None)
    if found is None or found.op not in ("create", "update"):
        raise Http404
    kind_of(ground, found.entity_type)
    return found


def written_row(placed: Placed) -> dict[str, Any]:
    """Give the row as an operation means it."""
    if placed.op == "create":
        return {"id": placed.key, **placed.fields}
    return after_update(placed.before or {}, placed.fields)


def read_operation(ground: Ground, placed: Placed, inputs: QueryDict) -> RowRead:
    """Read the form of an operation; what cannot be read of it stays as it was."""
    kind = kind_of(ground, placed.entity_type)
    is_new = placed.op == "create"
    fields = fields_of(ground, kind, is_new=is_new)
    values, problems = read_inputs(fields, inputs)
    for name in {name.split(".")[1] for name in problems}:
        if name in placed.fields:
            values[name] = placed.fields[name]
    if is_new:
        operation = create(kind.name, str(values.pop("id", "")), in_rows(kind, values))
    else:
        operation = update(kind.name, placed.key, updated(kind, placed.before or {}, values))
    return RowRead(operation, problems, messages_of(ground, operation, placed.number))


def messages_of(ground: Ground, operation: Operation, number: int = 0) -> tuple[str, ...]:
    """Say what is wrong with an operation in its place. number: that of the place, 0 the last."""
    before = [each.applied.change for each in ground.placed if not number or each.number < number]
    state = WorldState(ground.base, [change for change in before if change])
    lines = next(place(state, [operation])).applied.problems
    if operation["op"] != "create":
        return lines
    return (*_id_problems(ground, operation, number), *(line for line in lines if ": " in line))


def _id_problems(ground: Ground, operation: Operation, number: int) -> Iterator[str]:
    kind, key = operation["entity_type"], str(operation["id"])
    try:
        check_key(key)
    except InvalidArgument as error:
        yield f"id: {error.message}"
        return
    if ground.is_taken(kind, key, but=number):
        yield f"id: {key} is taken, in the world or in this setup"


def operation_form(ground: Ground, placed: Placed, typed: Typed | None) -> RowForm:
    """typed: what was sent; None shows what the operation says, with what is wrong with it."""
    kind, row = kind_of(ground, placed.entity_type), written_row(placed)
    fields = fields_of(ground, kind, is_new=placed.op == "create")
    wrong = messages_of(ground, placed.operation, placed.number) if typed is None else ()
    given = typed or Typed(inputs=write_inputs(fields, row), messages=wrong)
    stored: Row = placed.before or {} if placed.op == "update" else row
    return RowForm(
        title=title_of(kind, row) or placed.key or f"New {kind.label}",
        kind=kind.label,
        key=placed.key,
        row_url=ground.links.row(kind.name, placed.key).url if placed.op == "update" else "",
        url=reverse("setup:edit", args=[ground.slug, placed.number]),
        sheet=_sheet(ground, fields, stored, given),
        save="Save",
        path=f"setup/{placed.number}",
        saved=typed is not None or bool(wrong),
    )


def operation_base(placed: Placed) -> str:
    return fingerprint(dict(placed.operation))


# The form of an operation that there is not yet


def blank(ground: Ground, kind: EntityType, like: Row | None) -> dict[str, Any]:
    """Propose a new row: the next id, made at the clock, all else as the row that it is like."""
    proposed: dict[str, Any] = dict(like or {})
    if kind.created_field and like is None:
        proposed[kind.created_field] = ground.base.now
    moment = str(proposed.get(kind.created_field or "", ""))
    proposed["id"] = Numbers(ground).next(kind, moment, like["id"] if like else "")
    return proposed


def read_new(ground: Ground, kind: EntityType, inputs: QueryDict) -> RowRead:
    values, problems = read_inputs(fields_of(ground, kind, is_new=True), inputs)
    operation = create(kind.name, str(values.pop("id", "")), in_rows(kind, values))
    return RowRead(operation, problems, messages_of(ground, operation))


def new_form(
    ground: Ground, kind: EntityType, like: Row | None, typed: Typed | None, *, keep: bool = False
) -> RowForm:
    fields = fields_of(ground, kind, is_new=True)
    proposed = blank(ground, kind, like)
    given = typed or Typed(inputs=write_inputs(fields, proposed))
    name = f"Another {kind.label} like {like['id']}" if like else f"New {kind.label}"
    return RowForm(
        title=name,
        kind=kind.label,
        key="",
        row_url="",
        url=reverse("setup:new", args=[ground.slug, kind.name]),
        sheet=_sheet(ground, fields, {}, given),
        save="Add to the setup",
        keep=keep,
    )


def read_change(ground: Ground, kind: EntityType, row: Row, inputs: QueryDict) -> RowRead:
    values, problems = read_inputs(fields_of(ground, kind, is_new=False), inputs)
    operation = update(kind.name, row["id"], updated(kind, row, values))
    messages = messages_of(ground, operation)
    if not problems and not operation["fields"]:
        messages = ("Nothing differs from the world yet: change a field",)
    return RowRead(operation, problems, messages)


def change_form(
    ground: Ground, kind: EntityType, row: Row, typed: Typed | None, *, keep: bool = False
) -> RowForm:
    fields = fields_of(ground, kind, is_new=False)
    key = row["id"]
    return RowForm(
        title=title_of(kind, row) or key,
        kind=kind.label,
        key=key,
        row_url=ground.links.row(kind.name, key).url,
        url=reverse("setup:change", args=[ground.slug, kind.name, key]),
        sheet=_sheet(ground, fields, row, typed or Typed(inputs=write_inputs(fields, row))),
        save="Add to the setup",
        keep=keep,
        delete_url=reverse("setup:drop", args=[ground.slug, kind.name, key]),
    )


def _sheet(ground: Ground, fields: Sequence[Field], stored: Row, typed: Typed) -> Sheet:
    rows_url = f"{ground.links.base}query/rows/?"
    return make_sheet(
        ground.links.state, fields, stored, typed, base="", prefix=PREFIX, rows_url=rows_url
    )


def with_messages(typed: Typed, read: RowRead) -> Typed:
    return replace(typed, problems=read.problems, messages=read.messages)
