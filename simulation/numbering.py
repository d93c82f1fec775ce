"""Numbers that are given one after the other, as the versions of a name are."""

from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet


def hold(*key: int) -> None:
    """Let nobody else who holds this key go on until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.callproc("pg_advisory_xact_lock", key)


def next_number(rows: "QuerySet[Any]", field: str) -> int:
    """Give the number after the highest one. Hold what the rows are of while it is used."""
    return (rows.aggregate(last=Max(field))["last"] or 0) + 1
