"""Entity types: what codec, validation, tools and pages know of a model, read from it.

The Django model is the only schema. A field's wire name is its camelCase; a reference is written as
the key of the row it points at. Optional text that is empty is absent, and absent and null are one.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.db import models
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from simulation import values
from simulation.errors import InvalidArgument, Problems
from simulation.fields import Reference, ValueField

if TYPE_CHECKING:
    from simulation.models import Entity

Row = Mapping[str, Any]
KEY_LENGTH = 200


@dataclass(frozen=True)
class EntityField:
    """One field of an entity type as it stands on the wire."""

    name: str
    attribute: str
    required: bool
    annotation: Any
    expects: str
    target: str | None = None
    choices: tuple[str, ...] = ()
    text: str = ""

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.annotation)

    @cached_property
    def schema(self) -> Mapping[str, Any]:
        """Give the JSON schema of the value."""
        return self.adapter.json_schema()

    @cached_property
    def references(self) -> tuple[tuple[str, str], ...]:
        """Give (path inside the row, entity type) of every reference in this field."""
        if self.target:
            return ((self.name, self.target),)
        found = values.references_in(self.annotation)
        return tuple((f"{self.name}.{path}".rstrip("."), target) for path, target in found)

    def check(self, value: Any) -> Any:
        """Give the value in its one wire form.

        Raises InvalidArgument that says what is expected.
        """
        try:
            checked = self.adapter.validate_python(value, strict=True)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join([self.name, *map(str, first["loc"])])
            detail = first["msg"].removeprefix("Value error, ")
            wrong = detail if first["loc"] else f"expected {self.expects}"
            raise InvalidArgument(
                f"{name}: {wrong}, got {shorten(first['input'])}", field=name
            ) from None
        return self.adapter.dump_python(checked, by_alias=True, exclude_none=True)


@dataclass(frozen=True)
class EntityType:
    """One type of row of a company."""

    name: str
    model: "type[Entity]"
    fields: Mapping[str, EntityField]

    @cached_property
    def created_field(self) -> str | None:
        return self._stamp(self.model.created)

    @cached_property
    def updated_field(self) -> str | None:
        return self._stamp(self.model.updated)

    @cached_property
    def stamps(self) -> frozenset[str]:
        """Fields that the engine writes by itself: they never count as somebody's change."""
        return frozenset(name for name in (self.created_field, self.updated_field) if name)

    @cached_property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    @cached_property
    def label_plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @cached_property
    def references(self) -> tuple[tuple[str, str], ...]:
        return tuple(pair for field in self.fields.values() for pair in field.references)

    def check(self, fields: Row, *, partial: bool = False) -> dict[str, Any]:
        """Give the fields in wire form, sorted, without the absent ones.

        partial: required fields may be left out, and null stays to say "remove".
        Raises Problems that name every bad field and what it expects.
        """
        checked: dict[str, Any] = {}
        problems = [self._unknown(name) for name in fields if name not in self.fields]
        asked = [f for f in self.fields.values() if not partial or f.name in fields]
        for field in asked:
            try:
                checked.update(self._checked(field, fields, partial=partial))
            except InvalidArgument as error:
                problems.append(error.message)
        if problems:
            raise Problems(problems)
        return dict(sorted(checked.items()))

    def _checked(self, field: EntityField, fields: Row, *, partial: bool) -> dict[str, Any]:
        value = fields.get(field.name)
        if value is None or (value == "" and not field.required):
            if field.required:
                raise InvalidArgument(f"{field.name}: is required; expected {field.expects}")
            return {field.name: None} if partial else {}
        return {field.name: field.check(value)}

    def _unknown(self, name: str) -> str:
        return f"{name}: {self.name} has no such field; it has {', '.join(self.fields)}"

    def _stamp(self, attribute: str | None) -> str | None:
        return next((f.name for f in self.fields.values() if f.attribute == attribute), None)


@dataclass(frozen=True, slots=True)
class IdPattern:
    """How new ids look: `ref-250915-004`, numbered by type and date of the clock."""

    prefix: str

    def date_part(self, now: str) -> str:
        return now[2:10].replace("-", "")

    def write(self, date_part: str, number: int) -> str:
        return f"{self.prefix}-{date_part}-{number:03d}"

    def read(self, key: str) -> tuple[str, int] | None:
        """Give (date part, number) of an id of this pattern, None for every other id."""
        found = re.fullmatch(rf"{re.escape(self.prefix)}-(\d{{6}})-(\d{{1,15}})", key)
        return (found[1], int(found[2])) if found else None


def read_entity_type(model: "type[Entity]") -> EntityType:
    fields = (_read_field(field) for field in own_fields(model))
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    return EntityType(name=name, model=model, fields={field.name: field for field in fields})


def own_fields(model: "type[Entity]") -> Iterator["models.Field[Any, Any]"]:
    """Give the fields that are the company's, not the engine's."""
    for field in model._meta.concrete_fields:
        if field.name not in {"id", "world", "key"}:
            yield field


def shorten(value: Any, limit: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"


def _read_field(field: "models.Field[Any, Any]") -> EntityField:
    choices = tuple(str(value) for value, _ in field.flatchoices) if field.choices else ()
    annotation, expects = _wire_type(field, choices)
    target = None
    if isinstance(field, Reference):
        target = re.sub(r"(?<!^)(?=[A-Z])", "_", _target_name(field)).lower()
    return EntityField(
        name=to_camel(field.attname if target else field.name),
        attribute=field.name,
        required=not (field.null or field.blank),
        annotation=annotation,
        expects=expects,
        target=target,
        choices=choices,
        text=str(field.help_text),
    )


def _target_name(field: "Reference") -> str:
    related = field.remote_field.model
    return related.split(".")[-1] if isinstance(related, str) else related.__name__


def _wire_type(field: "models.Field[Any, Any]", choices: Sequence[str]) -> tuple[Any, str]:
    if choices:
        return Literal[tuple(choices)], f"one of {', '.join(choices)}"
    if isinstance(field, ValueField):
        return field.annotation, field.expects
    for kind, reader in _WIRE_TYPES:
        if isinstance(field, kind):
            return reader(field)
    raise TypeError(f"{field}: no wire form for a {type(field).__name__}")


def _text(field: "models.Field[Any, Any]") -> tuple[Any, str]:
    limit = field.max_length or 100_000
    return (
        Annotated[str, StringConstraints(min_length=1, max_length=limit)],
        f"text of 1 to {limit} characters",
    )


def _decimal(field: Any) -> tuple[Any, str]:
    places = field.decimal_places
    highest = float(Decimal(10) ** (field.max_digits - places))

    def check(value: float) -> float:
        if not values.has_places(value, places):
            raise ValueError(f"at most {places} decimal places")
        return value + 0.0  # nothing has no sign

    annotation = Annotated[
        float, Field(gt=-highest, lt=highest, allow_inf_nan=False), values.AfterValidator(check)
    ]
    return annotation, f"a number with at most {places} decimal places"


def _whole_number(field: Any) -> tuple[Any, str]:
    if isinstance(field, models.PositiveIntegerField):
        return Annotated[int, Field(ge=0, lt=2**31)], "a whole number of 0 or more"
    return Annotated[int, Field(ge=-(2**31), lt=2**31)], "a whole number"


_WIRE_TYPES: tuple[tuple[Any, Callable[[Any], tuple[Any, str]]], ...] = (
    (Reference, lambda _: (values.Id, "the id of a row")),
    (models.BooleanField, lambda _: (bool, "true or false")),
    (models.IntegerField, _whole_number),
    (models.DecimalField, _decimal),
    (models.DateTimeField, lambda _: (values.Instant, f"an instant: {values.INSTANT_EXAMPLE}")),
    (models.DateField, lambda _: (values.Day, f"a date such as {values.DAY_EXAMPLE}")),
    (models.CharField, _text),
    (models.TextField, _text),
)


def to_wire(field: EntityField, value: Any) -> Any:
    """Write a database value as it stands on the wire; None when it is absent."""
    if isinstance(value, dt.datetime):
        return values.write_instant(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return None if value == "" and not field.required else value
