"""Addresses of worlds. `entity_type` comes last: the words before it are no entity types."""

from django.urls import path

from simulation.views import playground, queries

app_name = "simulation"

WORLD = "<slug:slug>@<int:version>/"

urlpatterns = [
    path(f"{WORLD}query/", queries.query, name="query"),
    path(f"{WORLD}query/rows/", queries.query_rows, name="query_rows"),
    path(f"{WORLD}tools/", playground.tools, name="tools"),
    path(f"{WORLD}tools/-/reference/", playground.reference, name="tools_reference"),
    path(f"{WORLD}tools/-/reset/", playground.reset, name="tools_reset"),
    path(f"{WORLD}tools/<str:name>/", playground.tool, name="tool"),
]
