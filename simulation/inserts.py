"""Inserting many rows at once."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection, models
from psycopg import sql


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model by COPY: several times as fast as `bulk_create` for long texts.

    The rows do not learn their ids. Call it inside the transaction that they belong to.
    """
    if not rows:
        return
    statement, fields = _copy_into(type(rows[0]))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_value(field, row) for field in fields])


@cache
def _copy_into(model: type[models.Model]) -> tuple[bytes, Sequence["models.Field[Any, Any]"]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    table = sql.Identifier(model._meta.db_table)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns).as_bytes(), fields


def _value(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    value = field.pre_save(row, add=True)
    if isinstance(field, models.JSONField) and value is not None:
        return orjson.dumps(value).decode()
    return value
