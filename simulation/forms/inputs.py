"""A form as it is shown: what was typed, what is wrong, what ids there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.safestring import SafeString

from simulation.forms.fields import Field
from simulation.forms.reading import AS, EMPTY, TIME, is_blank, is_json
from simulation.forms.repeated import MAX_ROWS, count_rows, in_row
from simulation.labels import newest_rows, search_rows
from simulation.markdown import render
from simulation.pages import Choice
from simulation.state import WorldState, net
from simulation.titles import title_of

SUGGESTIONS = 30
MATCHES = 6
MEANINGS = 12
LONG = 34  # characters that an input of one column still shows
WIDE = ("area", "json", "lines", "boxes", "values")
TRUTHS = {"true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefInput:
    """Beside an input: where its value is taken from instead, "" when it is typed.

    means: what the path leads to. offered: the id of the list of values that can be taken.
    """

    name: str
    id: str
    path: str
    means: str
    offered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRow:
    """One row of a repeated group; `remove` is what its button says to take it away."""

    members: tuple["Input", ...]
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One field of the form; `items` are the rows of a repeated group, `members` of a single one.

    kind: that of its Field, or "json" for a value that can be typed in no other way.
    is_wide: it takes the whole width.
    must: the form makes no sense without it; inside an optional group it may stay empty.
    meaning: what the typed ids are called.
    matches: rows that may be meant by an id that there is not.
    empty: whether an empty list or object is meant; None where nobody has to say so.
    blank: what choosing nothing means.
    ways: buttons that fill it from elsewhere; what they are called `then` says where to.
    source: where the value comes from, in words; it is shown in the place of the value.
    """

    name: str
    id: str
    label: str
    kind: str
    is_required: bool
    must: bool
    hint: str
    expects: str
    placeholder: str
    value: str
    time: str
    choices: tuple[Choice, ...]
    suggestions: tuple[Choice, ...]
    rows_of: str
    meaning: str
    matches: tuple[Choice, ...]
    problem: str
    is_json: bool
    is_open: bool
    is_focused: bool
    empty: bool | None
    is_markdown: bool
    preview: SafeString
    is_wide: bool
    blank: str = ""
    ways: tuple[Choice, ...] = ()
    source: str = ""
    can_add: bool = False
    reference: RefInput | None = None
    members: tuple["Input", ...] = ()
    items: tuple[InputRow, ...] = ()


@dataclass(frozen=True)
class Form:
    """What is known while the inputs are made.

    state: where ids are looked up; None where no field takes one.
    added: the repeated group that gets one more row. previews: whether Markdown is shown as read.
    """

    state: WorldState | None
    typed: QueryDict
    problems: Mapping[str, str]
    added: str = ""
    previews: bool = False
    _newest: dict[str, tuple[Choice, ...]] = field(default_factory=dict)

    def inputs(self, fields: Sequence[Field], *, must: bool = True) -> tuple[Input, ...]:
        return tuple(self._input(each, must=must) for each in fields)

    def _input(self, field: Field, *, must: bool) -> Input:
        typed = self.typed.getlist(field.name)
        value = "\n".join(typed) if field.kind == "lines" else (typed or [""])[0]
        kind = self._kind(field, value)
        is_within = must and field.is_required
        return Input(
            name=field.name,
            id=f"id_{field.name}",
            label=field.label,
            kind=kind,
            is_required=field.is_required,
            must=is_within,
            hint=field.hint,
            expects=field.expects,
            placeholder=field.placeholder,
            value=value,
            time=self.typed.get(field.name + TIME) or "",
            choices=_choices(field, typed),
            suggestions=self._suggestions(field),
            rows_of=field.target,
            meaning=self._meaning(field, value),
            matches=self._matches(field, value),
            problem=self.problems.get(field.name, ""),
            is_json=self.typed.get(field.name + AS) == "json",
            is_open=bool(value) or field.is_required or self._has_something(field),
            is_focused=False,
            empty=self._empty(field),
            is_markdown=field.is_markdown,
            preview=render(value) if self.previews and field.is_markdown else SafeString(),
            is_wide=kind in WIDE or (kind == "text" and len(value) > LONG),
            can_add=count_rows(field, self.typed) < MAX_ROWS,
            members=self._members(field, kind, must=is_within),
            items=tuple(self._rows(field)) if kind == "rows" else (),
        )

    def _members(self, field: Field, kind: str, *, must: bool) -> tuple[Input, ...]:
        is_group = kind in ("group", "either")
        return self.inputs(field.members, must=must and kind == "group") if is_group else ()

    def _kind(self, field: Field, value: str) -> str:
        if is_json(field, self.typed):
            return "json"
        if field.kind == "moment" and "T" in value:
            return "text"
        is_broken = "\n" in value or "\r" in value  # one line of input would swallow them
        return "area" if field.kind == "text" and is_broken else field.kind

    def _has_something(self, field: Field) -> bool:
        inside = f"{field.name}."
        names = (name for name in self.problems if name)
        has_problem = any(f"{name}.".startswith(inside) for name in names)
        return has_problem or not is_blank(inside, self.typed)

    def _empty(self, field: Field) -> bool | None:
        """Ask only where nothing is typed and where empty is possible and not the same as none."""
        if field.kind not in ("group", "rows", "boxes", "lines") or not field.keeps_empty:
            return None
        needs_members = field.kind == "group" and any(each.is_required for each in field.members)
        typed = "".join(self.typed.getlist(field.name))
        if (
            field.is_required
            or needs_members
            or typed
            or not is_blank(f"{field.name}.", self.typed)
        ):
            return None
        return bool(self.typed.get(field.name + EMPTY))

    def _rows(self, field: Field) -> Iterator[InputRow]:
        """Give the typed rows, one at least, and one more where one was asked for."""
        is_added = self.added == field.name
        least = 0 if field.starts_empty else 1
        count = min(max(count_rows(field, self.typed), least) + is_added, MAX_ROWS)
        for number in range(count):
            inside = [in_row(member, field, number) for member in field.members]
            inputs = self.inputs(inside, must=False)
            if is_added and number == count - 1:
                inputs = (replace(inputs[0], is_focused=True), *inputs[1:])
            yield InputRow(members=inputs, remove=f"{field.name}.{number}")

    @property
    def _rows_there(self) -> WorldState:
        if self.state is None:
            raise ValueError("a field takes the id of a row, and the form has no world")
        return self.state

    def _suggestions(self, field: Field) -> tuple[Choice, ...]:
        """Offer the rows made in this clone, those of its setup, then the newest of the world."""
        if not field.target:
            return ()
        if field.target not in self._newest:
            rows = [*self._made(field.target), *self._stored(field.target)]
            self._newest[field.target] = tuple(Choice(value=k, label=v or k) for k, v in rows)
        return self._newest[field.target]

    def _stored(self, target: str) -> list[tuple[str, str]]:
        return newest_rows(self._rows_there.snapshot, target, limit=SUGGESTIONS)

    def _made(self, target: str) -> Iterator[tuple[str, str]]:
        there = self._rows_there
        for changes, where in ((there.diff(), "made here"), (net(there.setup), "in the setup")):
            for change in changes:
                row = there.get(target, change.id) if change.entity_type == target else None
                if row and change.before is None:
                    title = title_of(there.snapshot.entity_type(target), row)
                    yield change.id, f"{title or change.id}, {where}"

    def _meaning(self, field: Field, value: str) -> str:
        """Give what the typed ids are called, as far as they are known and have names."""
        if not field.target or not value:
            return ""
        kind = self._rows_there.snapshot.entity_type(field.target)
        ids = [line.strip() for line in value.splitlines()][:MEANINGS]
        rows = [row for key in ids if (row := self._rows_there.get(field.target, key))]
        return ", ".join(filter(None, (title_of(kind, row) for row in rows)))

    def _matches(self, field: Field, value: str) -> tuple[Choice, ...]:
        """Give the rows whose names have the text that was typed in place of an id."""
        if not value or not field.target or field.kind != "text":
            return ()
        if field.name not in self.problems or self._rows_there.get(field.target, value.strip()):
            return ()
        found = search_rows(self._rows_there.snapshot, field.target, value, limit=MATCHES)
        return tuple(
            Choice(value=f"{field.name}={key}", label=label, url=key) for key, label in found
        )


def _choices(field: Field, typed: Sequence[str]) -> tuple[Choice, ...]:
    """Give what can be chosen; boxes begin with what is ticked, because their order is kept."""
    kind = field.plain or field.kind
    there = ("true", "false") if kind == "truth" else field.choices
    if kind not in ("select", "truth", "boxes"):
        return ()
    chosen = [text for text in dict.fromkeys(typed) if text]
    others = [text for text in there if text not in chosen]
    first = chosen if field.kind == "boxes" else [text for text in chosen if text not in there]
    offered = [*first, *others] if field.kind == "boxes" else [*first, *there]
    return tuple(
        Choice(value=value, label=_label(kind, value), is_selected=value in chosen)
        for value in offered
    )


def _label(kind: str, value: str) -> str:
    return TRUTHS.get(value, value) if kind == "truth" else value.replace("_", " ")
