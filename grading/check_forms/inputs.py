"""The form of a check as it is shown: operators in words, paths and ids of a company to choose."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from simulation.entities import EntityType
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.forms.fields import Field
from simulation.forms.inputs import SUGGESTIONS, Form, Input
from simulation.labels import newest_rows
from simulation.operators import OP_WORDS
from simulation.pages import Choice
from simulation.shapes import members_at
from simulation.tools import Tool
from simulation.wording import spoken

OPS = {**OP_WORDS, "matches": "matches the pattern"}
TRUTH = {"true": "yes", "false": "no"}
PATHS = ("path", "field")
MOST = 200  # paths that are offered


Ways = Callable[[str, str], tuple[tuple[Choice, ...], str, str]]


@dataclass(frozen=True)
class CheckForm(Form):
    """The form of a check over the world of an episode.

    ways: gives for an input that takes an expected value and for what is typed there how else it
    can be filled, and the value and its source in words where it comes from the world.
    """

    ways: Ways | None = None

    def _input(self, field: Field, *, must: bool) -> Input:
        made = self._with_ways(field, super()._input(field, must=must))
        return replace(
            made,
            choices=tuple(replace(c, label=_word(field, c.value)) for c in made.choices),
            blank=_blank(field),
            suggestions=() if "\n" in made.value else made.suggestions,
            placeholder="" if _is_chosen(field) else made.placeholder,
        )

    def _with_ways(self, field: Field, made: Input) -> Input:
        if self.ways is None or field.kind not in ("value", "values") or made.is_json:
            return made
        ways, meaning, source = self.ways(made.name, made.value)
        return replace(made, ways=ways, meaning=meaning or made.meaning, source=source)

    def _suggestions(self, field: Field) -> tuple[Choice, ...]:
        company = self._rows_there.snapshot.company
        if field.key == "id":
            return self._ids(company.entity_types.get(self._nearest(field, "entity_type")))
        if field.key in PATHS and field.kind == "text":
            return tuple(Choice(value=path, label=path) for path in self._paths(field, company))
        return super()._suggestions(field)

    def _paths(self, field: Field, company: Environment) -> list[str]:
        if tool := company.tools.get(self._nearest(field, "tool")):
            return arguments_of(tool)
        kind = company.entity_types.get(self._nearest(field, "entity_type"))
        return paths_of(company, kind) if kind else []

    def _ids(self, kind: EntityType | None) -> tuple[Choice, ...]:
        if kind is None:
            return ()
        found = newest_rows(self._rows_there.snapshot, kind.name, limit=SUGGESTIONS)
        return tuple(Choice(value=key, label=label or key) for key, label in found)

    def _nearest(self, field: Field, key: str) -> str:
        """Give what is typed for the entity type or tool that a path belongs to."""
        place = field.name
        while place:
            place = place.rpartition(".")[0]
            if typed := self.typed.get(f"{place}.{key}"):
                return typed
        return ""


def paths_of(company: Environment, kind: EntityType) -> list[str]:
    """Name the fields of a row, what is inside them, and the fields of the rows it refers to."""
    own = ["id", *_own_paths(kind)]
    further = [
        f"{path}.{name}"
        for path, target in kind.references
        for name in company.entity_types[target].fields
    ]
    return list(dict.fromkeys(own + further))[:MOST]


def arguments_of(tool: Tool) -> list[str]:
    return list(tool.schema["properties"])


def _own_paths(kind: EntityType) -> Iterator[str]:
    for name, field in kind.fields.items():
        yield name
        yield from (f"{name}.{inside}" for inside in _members(field.schema))


def _members(schema: Mapping[str, object]) -> tuple[str, ...]:
    try:
        return members_at(schema, ())
    except InvalidArgument:
        return ()


def _word(field: Field, value: str) -> str:
    if (field.plain or field.kind) == "truth":
        return TRUTH.get(value, value)
    if field.key == "op":
        return OPS.get(value, value)
    return value if field.key == "tool" else spoken(value)


def _is_chosen(field: Field) -> bool:
    return bool(field.choices) or (field.plain or field.kind) == "truth"


def _blank(field: Field) -> str:
    """Say what choosing nothing means, where something is meant then."""
    if field.placeholder and _is_chosen(field):
        return _word(field, field.placeholder)
    return ""
