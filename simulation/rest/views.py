"""The base of every view of the API."""

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django.http.response import Http404, HttpResponseBase
from rest_framework import viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from simulation.errors import GymError
from simulation.rest.etags import with_etag
from simulation.rest.idempotency import answer_once, key_of
from simulation.rest.limits import RateLimit, Room, tell_room
from simulation.rest.queries import FIELDS, Query
from simulation.rest.sparse import only

if TYPE_CHECKING:
    Base = APIView
else:
    Base = object


class ApiView(Base):
    """Mixed into every view of the API, before the framework's own class.

    query_class: what the address of a list may ask for; of another action it is said with
    `@action(query_class=…)`. takes_fields: whether `?fields=` may leave things out, which
    downloads do not. throttle_scope: the rate that counts, a name in the setting API_RATES.
    secret_fields: members of answers to writes that nobody is shown twice, not even with the
    same Idempotency-Key.
    """

    query_class: ClassVar[type[Query]] = Query
    takes_fields: ClassVar[bool] = True
    throttle_scope: ClassVar[str] = "api"
    throttle_classes = [RateLimit]
    secret_fields: ClassVar[Collection[str]] = ()
    room: Room | None = None

    def asked(self, request: Request) -> dict[str, Any]:
        """Read what the address asks for. Raises ValidationError for what there is not."""
        checked: dict[str, Any] = dict(self._query(request).validated_data)
        return checked

    def narrowed(self, rows: Any) -> Any:
        """Keep the rows that the address asks for."""
        return self._query(self.request).narrow(rows)

    def filter_queryset(self, queryset: Any) -> Any:
        """Narrow lists; what is named by its own address is given whatever else stands there."""
        is_list = getattr(self, "action", None) == "list"
        return self.narrowed(queryset) if is_list else queryset

    def _query(self, request: Request) -> Query:
        query = self.query_of_action()(data=request.query_params)
        query.is_paged, query.takes_fields = self.is_paged, self.takes_fields
        query.is_valid(raise_exception=True)
        return query

    def query_of_action(self) -> type[Query]:
        if getattr(self, "action", None) in (None, "list"):
            return self.query_class
        # an action's own is set on the instance by the framework
        said: type[Query] = vars(self).get("query_class", Query)
        return said

    @property
    def is_paged(self) -> bool:
        is_single = getattr(self, "action", None) == "retrieve"
        return not is_single and getattr(self, "pagination_class", None) is not None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if any("\0" in str(value) for value in kwargs.values()):
            raise Http404  # nothing is named so, and the database would not be asked
        if request.method in SAFE_METHODS:
            self.asked(request)
        elif key := key_of(request):
            self._answer_once(request, key)

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> Any:
        if is_read := request.method in ("GET", "HEAD") and response.status_code == 200:
            response = self._sparse(request, response)
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        tell_room(response, self.room)
        if is_read and response.status_code == 200:
            return _tagged(request, response)
        return response

    def _answer_once(self, request: Request, key: str) -> None:
        """Let what answers this one request do so at most once, as the framework looks it up."""
        name = (request.method or "").lower()
        handler = getattr(self, name, self.http_method_not_allowed)
        setattr(self, name, partial(answer_once, handler, key=key, secrets=self.secret_fields))

    def _sparse(self, request: Request, response: HttpResponseBase) -> HttpResponseBase:
        asked = request.query_params.get(FIELDS)
        if asked is None or not isinstance(response, Response):
            return response
        try:
            response.data = only(response.data, asked, self.field_names())
        except GymError as error:
            return self.handle_exception(error)
        return response

    def field_names(self) -> Collection[str]:
        """Give the fields that rows of this answer have, as far as they are known without one."""
        serializer = getattr(self, "serializer_class", None)
        return serializer().fields if serializer is not None else ()


class ApiViewSet(ApiView, viewsets.GenericViewSet[Any]):
    """A viewset with all of it."""


def _tagged(request: Request, response: HttpResponseBase) -> HttpResponseBase:
    """Tag what is written from data; a file that is given as it lies comes with its own hash."""
    if isinstance(response, Response):
        response.add_post_render_callback(partial(with_etag, request._request))
    return response
