"""How views of the API describe themselves in the OpenAPI document."""

import re
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS

from simulation.rest.bodies import Body
from simulation.rest.idempotency import HEADER
from simulation.rest.queries import FIELDS
from simulation.rest.sparse import PATTERN
from simulation.rest.views import ApiView

JSON = "application/json"
KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"},
    OpenApiParameter.HEADER,
    description="a key of your choice, as a UUID: sent again within 24 hours the same request"
    " does nothing and gets the first answer, with `Idempotent-Replayed: true`",
)
ETAG = {"description": "hash of what is sent", "schema": {"type": "string"}}


class BodySchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """A body has the members that it says and no other."""

    target_class = Body
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        said = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**said, "additionalProperties": False}


class ApiSchema(AutoSchema):
    """Filters from the view's Query, the key of writes, sparse fields and ETags of reads."""

    def get_override_parameters(self) -> list[Any]:
        if not isinstance(self.view, ApiView):
            return []
        if self.method not in SAFE_METHODS:
            return [KEY]
        query = self.view.query_of_action()
        return [query] if query().fields else []

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation and self.method == "GET" and isinstance(self.view, ApiView):
            self._describe_read(operation, takes_fields=self.view.takes_fields)
        return operation

    def _get_request_body(self, direction: Any = "request") -> Any:
        """Describe the body of a DELETE, too, where it has one."""
        if self.method != "DELETE":
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        self.method = "POST"
        try:
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        finally:
            self.method = "DELETE"

    def get_description(self) -> str:  # type: ignore[override]  # as the framework itself has it
        """Give what the summary leaves out, "" when it says all."""
        says = str(super().get_description() or "")
        return "" if says.rstrip(".").replace("\n", " ") == self.get_summary() else says

    def get_summary(self) -> str:
        """Give the first sentence of what answers, else what the framework's action does."""
        name = getattr(self.view, "action", self.method.lower())
        if says := get_doc(getattr(self.view, name, None)):
            return re.split(r"[.:;]\s|[.:]$", says, maxsplit=1)[0].replace("\n", " ")
        noun = self._noun()
        return f"List {noun}s" if name == "list" else f"Read one {noun}"

    def _noun(self) -> str:
        model = getattr(getattr(self.view, "queryset", None), "model", None)
        words = str(model._meta.verbose_name) if model else self.get_tags()[0].rstrip("s")
        return words.lower()

    def _describe_read(self, operation: dict[str, Any], *, takes_fields: bool) -> None:
        answer = operation["responses"].get("200", {})
        if JSON not in answer.get("content", {}):
            return  # a file: whoever gives it says what it can
        answer["headers"] = {**answer.get("headers", {}), "ETag": ETAG}
        unchanged = {"description": "unchanged since the ETag that If-None-Match names"}
        operation["responses"].setdefault("304", unchanged)
        if takes_fields:
            operation.setdefault("parameters", []).append(_fields_parameter())


def _fields_parameter() -> dict[str, Any]:
    return {
        "name": FIELDS,
        "in": "query",
        "schema": {"type": "string", "pattern": f"^{PATTERN}$"},
        "description": "names of fields with commas between them: the answer, or each row of a"
        " list, has these alone, whatever is required of a whole one. Unknown names are refused.",
    }
