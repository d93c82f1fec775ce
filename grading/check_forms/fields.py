"""The form of a kind of check: its schema as fields, with what a company has to choose from."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from grading.graders import GRADERS
from simulation.environments import Environment
from simulation.forms.fields import Field, Place, Schema, Traits, inlined, members
from simulation.wording import spoken

PREFIX = "check"
KIND = "kind"
_WHOLE_LINES = ("instructions", "question")  # texts of more than one line


class _OwnTitles(GenerateJsonSchema):
    """Schemas with the titles that somebody wrote, without those that are made of names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


@cache
def schema_of(kind: str) -> Schema:
    """Give the JSON schema of a kind of check, without references and without its `kind`."""
    schema = GRADERS[kind].model_json_schema(schema_generator=_OwnTitles)
    for definition in schema.get("$defs", {}).values():
        definition.pop("title", None)
    properties = {k: v for k, v in schema["properties"].items() if k != KIND}
    required = [name for name in schema.get("required", ()) if name != KIND]
    return inlined({**schema, "properties": properties, "required": required})


@lru_cache(maxsize=256)
def form_of(kind: str, company: Environment | None = None) -> tuple[Field, ...]:
    """Give the fields of a kind of check; with a company, what it has can be chosen."""
    traits = Traits(
        target=lambda path: "",
        is_long=lambda path, schema: path.rpartition(".")[2] in _WHOLE_LINES,
        label=lambda path: spoken(path.rpartition(".")[2]),
        is_deep=True,
    )
    place = Place(name=PREFIX, path="", is_required=True)
    found = members(schema_of(kind), place, traits)
    return tuple(_of_company(each, _chosen_from(company)) for each in found)


def _chosen_from(company: Environment | None) -> Mapping[str, tuple[str, ...]]:
    if company is None:
        return {}
    return {"entity_type": tuple(company.entity_types), "tool": tuple(company.tools)}


def _of_company(field: Field, choices: Mapping[str, tuple[str, ...]]) -> Field:
    members = tuple(_of_company(member, choices) for member in field.members)
    field = replace(field, members=members, hint=_plainly(field.hint))
    if field.kind == "text" and field.key in choices:
        return replace(field, kind="select", choices=choices[field.key])
    return field


def _plainly(hint: str) -> str:
    """Write what a docstring says on one line, without its marks."""
    return " ".join(hint.replace("`", "").split())
