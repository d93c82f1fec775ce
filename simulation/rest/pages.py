"""Pages of lists by cursor: what is added meanwhile neither repeats nor hides anything."""

from rest_framework import pagination


class Pages(pagination.CursorPagination):
    page_size_query_param = "page_size"
    max_page_size = 1000


class NewestFirst(Pages):
    ordering = "-pk"


class OldestFirst(Pages):
    ordering = "pk"


class InOrder(Pages):
    ordering = "index"
