"""The form of an entity type: its fields as the model has them, its id first where it is new."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from simulation.entities import KEY_LENGTH, EntityField, EntityType
from simulation.environments import Environment
from simulation.forms.fields import Field, Place, Schema, Traits, field, inlined
from simulation.titles import MARKDOWN, is_long, is_money, path_label

PREFIX = "row"
ID = f"{PREFIX}.id"


@lru_cache(maxsize=512)
def form_of(company: Environment, entity_type: str) -> tuple[Field, ...]:
    """Give the fields of a type, without its id."""
    return tuple(_fields(company.entity_types[entity_type]))


def id_field(kind: EntityType) -> Field:
    """Give the field for the id of a new row; it is no field of the type."""
    pattern = kind.model.id_pattern
    return Field(
        name=ID,
        label="id",
        kind="text",
        is_required=True,
        hint="It never changes afterwards."
        if pattern
        else "For example a short name in lower case with hyphens. It never changes afterwards.",
        expects=f"text of 1 to {KEY_LENGTH} characters",
    )


def _fields(kind: EntityType) -> Iterator[Field]:
    targets = dict(kind.references)

    def is_long_at(path: str, _: Schema) -> bool:
        return path in kind.fields and is_long(kind, path)

    traits = Traits(
        target=lambda path: targets.get(path, ""),
        is_long=is_long_at,
        label=lambda path: path_label(path.rpartition(".")[2]),
        keeps_empty=True,
    )
    for own in kind.fields.values():
        yield replace(_field(own, traits), is_money=is_money(kind, own.name))


def _field(own: EntityField, traits: Traits) -> Field:
    place = Place(name=f"{PREFIX}.{own.name}", path=own.name, is_required=own.required)
    made = field(inlined(own.schema), place, traits)
    is_markdown = own.text == MARKDOWN
    hint = "" if is_markdown else own.text
    return replace(made, hint=hint, is_markdown=is_markdown, expects=own.expects)
