"""The page that shows the API: the OpenAPI document as something to read, by area."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from simulation.markdown import render

PREFIX = "/api/v1/"
_REF = "#/components/"
_HEADERS = ("Idempotency-Key",)  # what every write takes stands once, above


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A parameter, or a member of a schema. `links`: schemas that its type names."""

    name: str
    type: str
    place: str = ""
    is_required: bool = False
    says: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: str
    type: str
    says: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Member, ...]
    bodies: tuple[Answer, ...]
    answers: tuple[Answer, ...]
    errors: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    name: str
    label: str
    says: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    name: str
    says: str
    members: tuple[Member, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocsPage:
    description: str
    count: int
    areas: tuple[Area, ...]
    schemas: tuple[Schema, ...]


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    return render_page(request, "api_docs.html", {"page": docs_page()})


@cache
def docs_page() -> DocsPage:
    """Read the document once in a process: it changes with the code alone."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    return read_document(generator.get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


def read_document(document: Mapping[str, Any]) -> DocsPage:
    operations = list(_operations(document))
    return DocsPage(
        description=render(document["info"].get("description", "")),
        count=len(operations),
        areas=tuple(
            Area(
                name=slugify(tag["name"]),
                label=tag["name"],
                says=tag["description"],
                operations=tuple(each for area, each in operations if area == tag["name"]),
            )
            for tag in document["tags"]
        ),
        schemas=tuple(_schemas(document["components"]["schemas"])),
    )


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            yield said["tags"][0], _operation(path, method, said)


def _operation(path: str, method: str, said: Mapping[str, Any]) -> Operation:
    answers = said["responses"]
    own = {status: each for status, each in answers.items() if "$ref" not in each}
    bodies = said.get("requestBody", {}).get("content", {})
    return Operation(
        anchor=said["operationId"],
        method=method.upper(),
        path=path.removeprefix(PREFIX),
        summary=said.get("summary", ""),
        description=_plain(said.get("description", "")),
        parameters=tuple(
            _parameter(each) for each in said.get("parameters", []) if each["name"] not in _HEADERS
        ),
        bodies=tuple(_content("", kind, each) for kind, each in bodies.items()),
        answers=tuple(each for status, a in own.items() for each in _answers(status, a)),
        errors=", ".join(status for status in answers if status not in own),
    )


def _parameter(said: Mapping[str, Any]) -> Member:
    schema = said.get("schema", {})
    return Member(
        name=said["name"],
        type=_type(schema),
        place=said["in"],
        is_required=said.get("required", False),
        says=_plain(said.get("description", "")),
        links=_links(schema),
    )


def _answers(status: str, said: Mapping[str, Any]) -> Iterator[Answer]:
    says, content = said.get("description", ""), said.get("content", {})
    if not content:
        yield Answer(status=status, type="", says=says or "no body")
    for kind, each in content.items():
        yield _content(status, kind, each, says)


def _content(status: str, kind: str, said: Mapping[str, Any], says: str = "") -> Answer:
    schema = said.get("schema", {})
    shown = kind if kind != "application/json" else ""
    return Answer(status=status, type=_type(schema), says=says or shown, links=_links(schema))


def _schemas(schemas: Mapping[str, Any]) -> Iterator[Schema]:
    for name, said in sorted(schemas.items()):
        required = said.get("required", [])
        members = [
            Member(
                name=member,
                type=_type(each),
                is_required=member in required,
                says=_plain(each.get("description", "")),
                links=_links(each),
            )
            for member, each in said.get("properties", {}).items()
        ]
        yield Schema(
            name=name,
            says=_plain(said.get("description", "")),
            members=tuple(members),
            values=tuple(str(value) for value in said.get("enum", [])),
        )


def _plain(text: str) -> str:
    return text.replace("`", "")


def _type(schema: Mapping[str, Any]) -> str:
    """Say a type in a few words; names of schemas are shown as links beside it."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for word in ("oneOf", "anyOf", "allOf"):
        if word in schema:
            return " or ".join(filter(None, (_type(each) for each in schema[word])))
    if values := schema.get("enum"):
        return ", ".join(str(value) for value in values if value not in ("", None))
    nullable = " or null" if schema.get("nullable") else ""
    return _plain_type(schema) + nullable


def _plain_type(schema: Mapping[str, Any]) -> str:
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format", kind))


def _links(schema: Any) -> tuple[str, ...]:
    """Give the schemas that one names, each once."""
    if isinstance(schema, list):
        return tuple(dict.fromkeys(name for each in schema for name in _links(each)))
    if not isinstance(schema, Mapping):
        return ()
    ref = schema.get("$ref", "")
    if ref.startswith(_REF):
        return (ref.rpartition("/")[2],)
    return _links(list(schema.values()))
