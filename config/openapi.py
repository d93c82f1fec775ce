"""What the OpenAPI document says of all operations alike: errors, headers, examples."""

from collections.abc import Iterator, Mapping
from typing import Any

from config.api import CODES, error_body
from config.api_words import AREAS, area_of

_READS = (400, 401, 403, 404, 406, 429)
_WRITES = (400, 401, 403, 404, 406, 409, 412, 413, 415, 422, 429, 503)
_MEANS = {
    400: (
        "something that was sent is wrong",
        "there is no parameter 'kidn'",
    ),
    401: ("no token and no session, or one that is over", "send a token, or sign in"),
    403: ("not yours to do, or the token lacks the scope", "the token lacks the scope 'run'"),
    404: ("there is no such thing, or it is not yours to see", "there is no such thing here"),
    406: ("another form was asked for than there is", "this address answers in JSON"),
    409: ("it is in another state than this needs", "sell-lamps has no draft that is ahead"),
    412: ("If-Match names another state than it is in", 'it has changed: its ETag is "4f…" now'),
    413: ("more was sent than is taken", "the request is larger than 200 MB"),
    415: ("a body in a form that is not read here", "send application/json"),
    416: ("the range that was asked for is not in the file", "lamps-1.zip has 4,096 bytes"),
    422: ("the Idempotency-Key came with another request", "another request had this key"),
    428: ("If-Match is missing: say what you changed", "send If-Match with the ETag you read"),
    429: ("too many requests: wait as Retry-After says", "1200 requests a minute are allowed"),
    503: ("something that this needs is away; try again", "the endpoint does not answer"),
}
_EXAMPLES = {
    "integer": 1,
    "boolean": True,
    "number": 0.5,
    "string": "text",
}
_FORMATS = {
    "date-time": "2026-03-01T09:00:00Z",
    "date": "2026-03-01",
    "uuid": "7f0c7a52-9d0a-4c5b-8a0e-6d6b8b0f3a11",
}
_NAMED = {
    "slug": "sell-lamps",
    "name": "corecraft@1",
    "agent": "reference",
    "agents": "reference",
    "owner": "alice",
    "author": "alice",
    "entity_type": "item",
    "key": "lamp",
    "tool": "searchProducts",
    "toolset": "default",
    "category": "returns",
    "split": "train",
    "cursor": "cD0xMDA=",
    "Idempotency-Key": "7f0c7a52-9d0a-4c5b-8a0e-6d6b8b0f3a11",
}
_NO_EXAMPLE = ("fields", "cursor")  # their values come from elsewhere
_WAIT = {"description": "seconds", "schema": {"type": "integer"}}
_LIMITS = {
    "RateLimit-Limit": "requests in a window of the limit",
    "RateLimit-Remaining": "requests that are left now",
    "RateLimit-Reset": "seconds until the window ends",
}


def describe_alike(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Complete a generated document; drf-spectacular calls it last."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Error"] = _error_schema()
    components["responses"] = {f"Error{status}": _answer(status) for status in _MEANS}
    result["tags"] = [{"name": area.label, "description": area.says} for area in AREAS]
    for path, method, operation in _operations(result):
        operation["tags"] = [area_of(path).label]
        for status in _errors(method, operation):
            ref = {"$ref": f"#/components/responses/Error{status}"}
            operation["responses"].setdefault(str(status), ref)
        for parameter in operation.get("parameters", []):
            _give_example(parameter)
        _tell_limits(operation["responses"])
    return result


def _operations(result: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _errors(method: str, operation: Mapping[str, Any]) -> tuple[int, ...]:
    """Give the errors that an operation may end in; one that gives parts may lack one of them."""
    if method == "get":
        gives_parts = "206" in operation["responses"]
        return (*_READS, 409, 416, 503) if gives_parts else _READS
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    return (*_WRITES, 428) if "If-Match" in names else _WRITES


def _answer(status: int) -> dict[str, Any]:
    means, example = _MEANS[status]
    body = error_body(CODES[status], example)
    schema = {"$ref": "#/components/schemas/Error"}
    answer: dict[str, Any] = {
        "description": means,
        "content": {"application/json": {"schema": schema, "example": body}},
    }
    return answer | ({"headers": {"Retry-After": _WAIT}} if status == 429 else {})


def _error_schema() -> dict[str, Any]:
    texts = {
        "code": "stable: what programs go by",
        "message": "what is wrong and what would be right",
        "field": "what it is about, where it is one thing",
    }
    members: dict[str, Any] = {
        name: {"type": "string", "description": says} for name, says in texts.items()
    }
    members["clashes"] = {
        "type": "array",
        "items": {"type": "object", "additionalProperties": True},
        "description": "of edits of a draft: parts that somebody changed, with both sides",
    }
    error = {"type": "object", "properties": members, "required": ["code", "message"]}
    return {
        "type": "object",
        "description": "The one shape of all errors.",
        "properties": {"error": error},
        "required": ["error"],
    }


def _give_example(parameter: dict[str, Any]) -> None:
    schema, name = parameter.get("schema", {}), parameter["name"]
    if "example" in parameter or "examples" in parameter or name in _NO_EXAMPLE:
        return
    values = schema.get("enum") or [
        _NAMED.get(name, _FORMATS.get(schema.get("format", ""), _EXAMPLES.get(schema.get("type"))))
    ]
    if values[0] is not None:
        parameter["example"] = values[0]


def _tell_limits(responses: dict[str, Any]) -> None:
    for status, answer in responses.items():
        if status.startswith("2"):
            answer["headers"] = answer.get("headers", {}) | {
                name: {"description": says, "schema": {"type": "integer"}}
                for name, says in _LIMITS.items()
            }
