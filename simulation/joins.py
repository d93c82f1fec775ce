"""Rows with the rows that they point to, by a query that is made once a process.

For what is read again for every episode: there, making the query and its result by the ORM takes
ten times as long as running it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection, models
from django.db.models.lookups import BuiltinLookup


class AnyOf(BuiltinLookup):
    """Match one of several numbers by one parameter: the statement is the same for any number."""

    lookup_name = "any_of"
    prepare_rhs = False

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"= ANY({rhs})"


@dataclass(frozen=True)
class Join:
    """A query whose last parameter is still open.

    parts: paths from the first model ("" is itself) to those that it brings along, with the
    fields of each.
    """

    statement: str
    parameters: tuple[Any, ...]
    parts: tuple[tuple[str, type[models.Model], Sequence["models.Field[Any, Any]"]], ...]

    def read(self, last: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.statement, [*self.parameters, last])
            return [self._joined(row) for row in cursor.fetchall()]

    def _joined(self, row: Sequence[Any]) -> Any:
        made: dict[str, Any] = {}
        start = 0
        for path, model, fields in self.parts:
            values = row[start : start + len(fields)]
            made[path] = _instance(model, fields, values)
            start += len(fields)
            if path:
                owner, _, name = path.rpartition("__")
                setattr(made[owner], name, made[path])
        return made[""]


def make_join(rows: "models.QuerySet[Any]", *paths: str) -> Join:
    """rows: filtered, last by what is open. paths: owners before what they own, never null."""
    parts, names = [], []
    for path in ("", *paths):
        model = _model_at(rows.model, path)
        fields = model._meta.concrete_fields
        parts.append((path, model, fields))
        names += [f"{path}__{field.attname}".removeprefix("__") for field in fields]
    statement, parameters = rows.values_list(*names).query.sql_with_params()
    return Join(statement, tuple(parameters[:-1]), tuple(parts))


def _model_at(model: type[models.Model], path: str) -> type[models.Model]:
    for name in filter(None, path.split("__")):
        target: Any = model._meta.get_field(name).related_model
        model = target
    return model


def _instance(
    model: type[models.Model],
    fields: Sequence["models.Field[Any, Any]"],
    values: Sequence[Any],
) -> models.Model:
    names = [field.attname for field in fields]
    return model.from_db(connection.alias, names, list(map(_value, fields, values)))


def _value(field: "models.Field[Any, Any]", value: Any) -> Any:
    is_json = isinstance(field, models.JSONField) and value is not None
    return orjson.loads(value) if is_json else value
