"""Pages of lists by cursor: what is added meanwhile neither repeats nor hides anything."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import QuerySet
from rest_framework import exceptions, pagination
from rest_framework.request import Request

from simulation.errors import InvalidArgument

MAX_PAGE = 1000
BAD_CURSOR = "this cursor is none of ours: take `next` or `previous` of an answer as they are"


class Pages(pagination.CursorPagination):
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE
    cursor_query_description = "where the page begins: from `next` or `previous` of an answer"
    page_size_query_description = f"rows of a page, {MAX_PAGE} at most; 100 when left out"

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except exceptions.NotFound:
            raise InvalidArgument(BAD_CURSOR, field="cursor") from None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        cursor = self.decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            order = self.get_ordering(request, queryset, view)[0].lstrip("-")
            _check_position(queryset, order, cursor.position)
        return super().paginate_queryset(queryset, request, view)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 100}
        says = self.page_size_query_description
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter |= {"schema": size, "description": says, "example": 50}
        return parameters


class NewestFirst(Pages):
    ordering = "-pk"


class OldestFirst(Pages):
    ordering = "pk"


class InOrder(Pages):
    ordering = "index"


def _check_position(rows: "QuerySet[Any]", name: str, position: str) -> None:
    """Refuse a position that is no value of what the list is ordered by."""
    try:
        _ordered_by(rows, name).to_python(position)
    except FieldDoesNotExist:
        pass  # ordered by what belongs to something else
    except ValidationError:
        raise InvalidArgument(BAD_CURSOR, field="cursor") from None
    if "\0" in position:
        raise InvalidArgument(BAD_CURSOR, field="cursor")


def _ordered_by(rows: "QuerySet[Any]", name: str) -> Any:
    """Give the field of a column, or of what the query works out. Raises FieldDoesNotExist."""
    if worked_out := rows.query.annotations.get(name):
        return worked_out.output_field
    meta = rows.model._meta
    return meta.pk if name == "pk" else meta.get_field(name)


class Slices(Pages):
    """Pages of rows in memory, by place: of what does not change while it is read."""

    offset_cutoff = 1_000_000_000

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        cursor = self.decode_cursor(request)
        self.base_url = request.build_absolute_uri()
        self.page_size: int = self.get_page_size(request) or MAX_PAGE
        self._start, self._count = cursor.offset if cursor else 0, len(queryset)
        return list(queryset[self._start : self._start + self.page_size])

    def get_next_link(self) -> str | None:
        after = self._start + self.page_size
        return self._link(after) if after < self._count else None

    def get_previous_link(self) -> str | None:
        return self._link(max(0, self._start - self.page_size)) if self._start else None

    def _link(self, start: int) -> str:
        return self.encode_cursor(pagination.Cursor(offset=start, reverse=False, position=None))
