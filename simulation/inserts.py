"""Inserting many rows at once."""

from collections.abc import Sequence
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
    table = rows[0]._meta.db_table
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_value(field, row) for field in fields])


def _value(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    value = field.pre_save(row, add=True)
    if isinstance(field, models.JSONField) and value is not None:
        return orjson.dumps(value).decode()
    return value
