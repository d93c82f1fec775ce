"""The form of a tool as it is shown: what was typed, what is wrong, what ids there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from simulation.labels import label_of, newest_rows
from simulation.pages import Choice
from simulation.playground.arguments import TIME, count_rows, in_row
from simulation.playground.fields import Field
from simulation.state import WorldState

SUGGESTIONS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One field of the form; `items` are the rows of a repeated group, `members` of a single one.

    meaning: what the typed id is called.
    """

    name: str
    id: str
    label: str
    kind: str
    is_required: bool
    hint: str
    expects: str
    placeholder: str
    value: str
    time: str
    choices: tuple[Choice, ...]
    suggestions: tuple[Choice, ...]
    rows_of: str
    meaning: str
    problem: str
    members: tuple["Input", ...] = ()
    items: tuple[tuple["Input", ...], ...] = ()


@dataclass(frozen=True)
class Form:
    """What is known while the inputs are made.

    added: the repeated group that gets one more row.
    """

    state: WorldState
    typed: QueryDict
    problems: Mapping[str, str]
    added: str = ""

    def inputs(self, fields: Sequence[Field]) -> tuple[Input, ...]:
        return tuple(self._input(field) for field in fields)

    def _input(self, field: Field) -> Input:
        typed = self.typed.getlist(field.name)
        value = "\n".join(typed) if field.kind == "lines" else (typed or [""])[0]
        return Input(
            name=field.name,
            id=f"id_{field.name}",
            label=field.label,
            kind="text" if field.kind == "moment" and "T" in value else field.kind,
            is_required=field.is_required,
            hint=field.hint,
            expects=field.expects,
            placeholder=field.placeholder,
            value=value,
            time=self.typed.get(field.name + TIME, "") or "",
            choices=_choices(field, typed),
            suggestions=self._suggestions(field),
            rows_of=field.target,
            meaning=self._meaning(field, value),
            problem=self.problems.get(field.name, ""),
            members=self.inputs(field.members) if field.kind == "group" else (),
            items=tuple(self._rows(field)) if field.kind == "rows" else (),
        )

    def _rows(self, field: Field) -> Sequence[tuple[Input, ...]]:
        """Give the typed rows, one at least, and one more where one was asked for."""
        count = max(count_rows(field, self.typed), 1) + (self.added == field.name)
        return [
            self.inputs([in_row(member, field, number) for member in field.members])
            for number in range(count)
        ]

    def _suggestions(self, field: Field) -> tuple[Choice, ...]:
        """Offer the rows made in this clone, then the newest of the world."""
        if not field.target:
            return ()
        kind = self.state.snapshot.entity_type(field.target)
        made = [
            (change.id, f"{label_of(kind, change.after) or change.id}, made here")
            for change in self.state.diff()
            if change.entity_type == field.target and change.before is None and change.after
        ]
        rows = [*made, *newest_rows(self.state.snapshot, field.target, limit=SUGGESTIONS)]
        return tuple(Choice(value=key, label=label or key) for key, label in rows)

    def _meaning(self, field: Field, value: str) -> str:
        row = self.state.get(field.target, value) if field.target and value else None
        return label_of(self.state.snapshot.entity_type(field.target), row) if row else ""


def _choices(field: Field, typed: Sequence[str]) -> tuple[Choice, ...]:
    there = ("true", "false") if field.kind == "truth" else field.choices
    return tuple(
        Choice(value=value, label=value.replace("_", " "), is_selected=value in typed)
        for value in there
    )
