"""The base of every view of the API."""

from typing import Any, ClassVar

from rest_framework import viewsets
from rest_framework.request import Request

from simulation.rest.queries import Query


class ApiView:
    """Mixed into every view of the API, before the framework's own class.

    query_class: what the address of a list may ask for.
    """

    query_class: ClassVar[type[Query]] = Query

    def asked(self, request: Request) -> dict[str, Any]:
        """Read what the address asks for. Raises ValidationError for what there is not."""
        query = self.query_class(data=request.query_params)
        query.is_valid(raise_exception=True)
        checked: dict[str, Any] = dict(query.validated_data)
        return checked


class ApiViewSet(ApiView, viewsets.GenericViewSet[Any]):
    """A viewset with all of it."""
