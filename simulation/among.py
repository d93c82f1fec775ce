"""Conditions that a database answers in the order in which they are meant."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, QuerySet


def among(column: str, numbers: "QuerySet[Any, Any]") -> Func:
    """Make the condition that a column is one of these, which are found first.

    A plain `IN` with an order and a limit tempts the planner to walk through everything from the
    newest on: quick for the newest run, and a walk through all there is for the oldest.
    """
    return Func(
        F(column),
        ArraySubquery(numbers),
        template="(%(expressions)s))",
        arg_joiner=" = ANY (",
        output_field=BooleanField(),
    )
