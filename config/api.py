"""The one shape of errors: {"error": {"code", "message", "field"?}}."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import server_error as django_server_error
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from simulation.errors import GymError

_WHOLE = ("detail", "non_field_errors")  # the framework's names for what is of no one field
SIGN_IN = (
    "send a personal token as `Authorization: Bearer egt_…`; /settings/tokens/ and"
    " manage.py make_token make one"
)
CODES = {
    400: "invalid_argument",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    410: "gone",
    412: "precondition_failed",
    413: "too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
    422: "idempotency_key_reused",
    428: "precondition_required",
    429: "too_many_requests",
    500: "server_error",
    503: "unavailable",
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes tokens."""

    target_class = "authoring.tokens.TokenAuthentication"
    name = "personalToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "a personal API token"}


def error_body(code: str, message: str, field: str = "") -> dict[str, Any]:
    error = {"code": code, "message": message}
    return {"error": error | ({"field": field} if field else {})}


def one_error_shape(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer for every exception that an API view may raise; None lets it become a 500."""
    if isinstance(error, GymError):
        return Response(error.as_json(), status=error.status)
    if isinstance(error, Http404):
        error = exceptions.NotFound("there is no such thing here, or it is not yours to see")
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if type(error) is exceptions.NotAuthenticated:
        error.detail = exceptions.ErrorDetail(SIGN_IN, "not_authenticated")
    if isinstance(error, SuspiciousOperation):
        return _suspicious(error)
    response = exception_handler(error, dict(context))
    if response is not None and isinstance(error, exceptions.APIException):
        field, message = _first(error.detail)
        response.data = error_body(CODES.get(response.status_code, "error"), message, field)
    return response


def _suspicious(error: SuspiciousOperation) -> Response:
    """Answer for what Django itself refuses to read: a body too large, a form of too many parts."""
    status = 413 if isinstance(error, RequestDataTooBig) else 400
    return Response(error_body(CODES[status], str(error)), status=status)


@csrf_exempt
def api_not_found(request: HttpRequest, **_: Any) -> JsonResponse:
    """Answer for addresses below /api/ that lead nowhere."""
    message = f"{request.path} is no address of this API; GET /api/v1/schema/ lists them"
    return JsonResponse(error_body("not_found", message), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours: in the one shape below /api/, as a page elsewhere."""
    if request.path.startswith("/api/"):
        message = "something of ours is broken; nothing was changed"
        return JsonResponse(error_body("server_error", message), status=500)
    return django_server_error(request)


def _first(detail: Any, field: str = "") -> tuple[str, str]:
    if isinstance(detail, Mapping):
        name, inner = next(iter(detail.items()))
        return _first(inner, field if name in _WHOLE else f"{field}.{name}".strip("."))
    if isinstance(detail, list):
        return _first(detail[0], field)
    return field, str(detail)
