"""What is in a world, over REST: its types of entities and their rows, its tools, queries to it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from django.http import Http404, QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from simulation.browser.asking import Asked, read_asked
from simulation.browser.links import Links, links_to
from simulation.browser.rows_page import listed_rows
from simulation.browser.worlds_page import first_sentence
from simulation.contents_wire import ANY_ROW, QueryIn, QueryOut, ToolOut, TypeOut
from simulation.entities import EntityType, Row
from simulation.errors import InvalidArgument, Problems
from simulation.query import WorldQuery
from simulation.rest.pages import Slices
from simulation.rest.queries import Query, one_of, text
from simulation.rest.scopes import READ
from simulation.rest.views import ApiViewSet
from simulation.state import WorldState
from simulation.tools import Tool
from simulation.validating import place_of, read_as, reason_of
from simulation.views.lookup import visible_world

OF_PAGES = ("page", "column", "noise")
WITH, ONLY = "with", "only"
IN_NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="SLUG@VERSION")
IN_TYPE = OpenApiParameter("entity_type", str, OpenApiParameter.PATH, description="name of a type")
FILTERS = OpenApiParameter(
    "filters",
    {"type": "object", "additionalProperties": {"type": "string"}},
    style="form",
    explode=True,
    description="`status=paid`, `lines.qty__gte=2`: a path, `__` and an operator; the path alone"
    " means `eq`, several values of one path mean `in`. As in the address of the world browser.",
)


class RowsQuery(Query):
    """Beside these names every path of the type is one, with `__` and an operator or without."""

    q = text("words that stand in the row")
    sort = text("a path, with - before it from the highest")
    hidden = one_of([WITH, ONLY], "rows after the world's clock, which agents cannot see")

    def check_names(self, given: Mapping[str, Any]) -> None:
        """Leave paths to the type: it knows them."""


class ToolsQuery(Query):
    toolset = text("those of one toolset")


class ContentsViewSet(ApiViewSet):
    """Parts of one world, which its address names."""

    def links(self) -> Links:
        slug, _, version = self.kwargs["name"].rpartition("@")
        world = visible_world(self.request._request, slug, int(version))
        return links_to(world, self.request.user)


class EntityTypeViewSet(ContentsViewSet):
    """Types of entities of a world."""

    serializer_class = TypeOut
    pagination_class = None

    @extend_schema(parameters=[IN_NAME], responses=TypeOut(many=True))
    def list(self, request: Request, name: str) -> Response:
        """List the types of entities of a world, with counts and JSON schemas."""
        links = self.links()
        types = [_type(links, kind) for kind in links.company.entity_types.values()]
        return Response(TypeOut(types, many=True).data)


class EntityViewSet(ContentsViewSet):
    """Rows of one type."""

    serializer_class = None
    pagination_class = Slices
    query_class = RowsQuery

    @extend_schema(
        parameters=[IN_NAME, IN_TYPE, FILTERS],
        responses={200: ANY_ROW},
        operation_id="worlds_entities_rows",
    )
    def list(self, request: Request, name: str, entity_type: str) -> Response:
        """List rows of one type, as the files of the world have them."""
        links = self.links()
        kind = links.company.entity_types.get(entity_type)
        if kind is None:
            raise Http404
        asked = self.asked(request)
        rows = listed_rows(links, kind, _conditions(links, kind, request.query_params))
        seen = [row for row in rows if _is_seen(links, kind, row, asked.get("hidden", ""))]
        return self.get_paginated_response(self.paginate_queryset(cast(Any, seen)))

    @extend_schema(
        parameters=[IN_NAME, IN_TYPE, OpenApiParameter("key", str, OpenApiParameter.PATH)],
        responses={200: ANY_ROW},
        operation_id="worlds_entities_row",
    )
    def retrieve(self, request: Request, name: str, entity_type: str, key: str) -> Response:
        """Read one row, one that agents cannot see yet as well."""
        links = self.links()
        if entity_type not in links.company.entity_types:
            raise Http404
        row = links.whole.rows(entity_type).get(key)
        if row is None:
            raise Http404
        return Response(row)

    def field_names(self) -> Collection[str]:
        """Give all fields of the type: a row has none that is empty."""
        kind = self.links().company.entity_types[self.kwargs["entity_type"]]
        return {"id", *kind.fields}


class ToolViewSet(ContentsViewSet):
    """Tools of a world."""

    serializer_class = ToolOut
    pagination_class = None
    query_class = ToolsQuery

    @extend_schema(parameters=[IN_NAME], responses=ToolOut(many=True))
    def list(self, request: Request, name: str) -> Response:
        """List the tools of a world as agents see them."""
        toolsets = self.links().company.toolsets
        asked = self.asked(request).get("toolset", "all")
        if asked not in toolsets:
            there_are = ", ".join(sorted(toolsets))
            message = f"there is no toolset {asked!r}; there are {there_are}"
            raise InvalidArgument(message, field="toolset")
        tools = [_tool(tool, toolsets) for tool in toolsets[asked].values()]
        return Response(ToolOut(tools, many=True).data)


class WorldQueryViewSet(ContentsViewSet):
    """Questions to a world."""

    serializer_class = QueryOut
    write_scope = READ

    @extend_schema(
        parameters=[IN_NAME],
        request=QueryIn,
        responses={200: QueryOut},
        operation_id="worlds_query",
    )
    def create(self, request: Request, name: str) -> Response:
        """Ask a world a question that has one answer, of all rows that agents can see."""
        snapshot = self.links().snapshot
        query, state = _read_query(request.data), WorldState(snapshot)
        query.check(snapshot.company)
        rows = query.rows(state)
        answer = {
            "value": query.measured(state, rows),
            "rows": len(rows),
            "hidden": len(snapshot.hidden(query.entity_type)),
        }
        return Response(QueryOut(answer).data)


def _type(links: Links, kind: EntityType) -> dict[str, Any]:
    return {
        "name": kind.name,
        "label": kind.label,
        "description": first_sentence(kind),
        "rows": len(links.snapshot.rows(kind.name)),
        "hidden": len(links.snapshot.hidden(kind.name)),
        "schema": _schema(kind),
    }


def _schema(kind: EntityType) -> dict[str, Any]:
    """Give the JSON schema of a row; what its fields define stands once, where they refer to."""
    fields = {name: dict(field.schema) for name, field in kind.fields.items()}
    shared: dict[str, Any] = {}
    for schema in fields.values():
        shared.update(schema.pop("$defs", {}))
    return {
        "type": "object",
        "properties": {"id": {"type": "string"}, **fields},
        "required": ["id", *(name for name, field in kind.fields.items() if field.required)],
        "additionalProperties": False,
        **({"$defs": shared} if shared else {}),
    }


def _tool(tool: Tool, toolsets: Mapping[str, Mapping[str, Tool]]) -> dict[str, Any]:
    return {
        "name": tool.name,
        "description": tool.description,
        "writes": tool.writes,
        "toolsets": sorted(name for name, tools in toolsets.items() if tool.name in tools),
        "schema": tool.schema,
    }


def _conditions(links: Links, kind: EntityType, given: QueryDict) -> Asked:
    """Read filters as the browser does; what does not fit is refused here, not left out."""
    own = given.copy()
    for name in ("cursor", "page_size", "fields", "hidden"):
        own.pop(name, None)
    asked = read_asked(links.company, kind, own)
    problems = [*asked.problems, *_unread(own, asked)]
    if problems:
        raise Problems(problems)
    return asked


def _unread(given: QueryDict, asked: Asked) -> Iterator[str]:
    """Say what the browser takes and this list does not, and an order that there is none of."""
    for name in OF_PAGES:
        if name in given:
            yield f"{name}: is for pages of the browser"
    if given.get("sort", "") != asked.sort:
        yield f"sort: {given['sort']!r} is no path of this type"


def _is_seen(links: Links, kind: EntityType, row: Row, hidden: str) -> bool:
    if hidden == WITH:
        return True
    return links.is_hidden(kind.name, row["id"]) == (hidden == ONLY)


def _read_query(data: Any) -> WorldQuery:
    """Raises ValidationError and Problems for what is no query."""
    if isinstance(data, Mapping):
        QueryIn().check_names(data)
    return read_as(WorldQuery, data, line=_said)


def _said(error: Any) -> str:
    return ": ".join(filter(None, [place_of(error), reason_of(error)]))
