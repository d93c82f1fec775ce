"""The form of a tool, made from its JSON schema."""

from collections.abc import Sequence
from functools import lru_cache

from simulation.environments import Environment
from simulation.forms.fields import Field, Place, Schema, Traits, inlined, members
from simulation.tools import Tool

PREFIX = "arg"


@lru_cache(maxsize=512)
def form_of(tool: Tool, company: Environment) -> tuple[Field, ...]:
    """Give the form of a tool; ids are those of a company's rows."""

    def is_long(_: str, schema: Schema) -> bool:
        return tool.writes and "maxLength" not in schema

    traits = Traits(
        target=lambda path: _target(_last(path), company),
        is_long=is_long,
        label=lambda path: _last(path).replace("_", " "),
    )
    place = Place(name=PREFIX, path="", is_required=True)
    return tuple(members(inlined(tool.schema), place, traits))


def of_argument(field: str) -> str:
    """Give the name of the input that an error of a tool is about."""
    return f"{PREFIX}.{field}"


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _target(name: str, company: Environment) -> str:
    """Guess the entity type that an id names, by its words: `assigned_employee_id`."""
    noun, is_id, _ = name.removesuffix("s").rpartition("_id")
    if not is_id:
        return ""
    kinds = company.entity_types
    words: Sequence[str] = noun.split("_")
    tails = ["_".join(words[start:]) for start in range(len(words))]
    exact = (tail for tail in tails if tail in kinds)
    ends = (kind for kind in kinds if kind.endswith(f"_{words[-1]}"))
    return next(exact, None) or next(ends, "")
