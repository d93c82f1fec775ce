"""Addresses of worlds. `entity_type` comes last: the words before it are no entity types."""

from django.urls import include, path

from simulation.views import (
    changes,
    checks,
    drafts,
    imports,
    playground,
    policies,
    queries,
    rows,
    versions,
    worlds,
)

app_name = "simulation"

_world = [
    path("", worlds.world, name="world"),
    path("search/", rows.search, name="search"),
    path("policies/", policies.policies, name="policies"),
    path("policies/company/", policies.company_policy, name="company_policy"),
    path("policies/prompts/<str:name>/", policies.prompt, name="prompt"),
    path("policies/<str:entity_type>/<path:key>/", policies.policy, name="policy"),
    path("changes/", changes.changes, name="changes"),
    path("export/", imports.export, name="export"),
    path("query/", queries.query, name="query"),
    path("query/rows/", queries.query_rows, name="query_rows"),
    path("tools/", playground.tools, name="tools"),
    path("tools/-/reference/", playground.reference, name="tools_reference"),
    path("tools/-/reset/", playground.reset, name="tools_reset"),
    path("tools/<str:name>/", playground.tool, name="tool"),
    path("check/", checks.check, name="check"),
    path("copy/", versions.copy, name="copy"),
    path("edit/", versions.details, name="details"),
    path("publish/", checks.publish, name="publish"),
    path("discard/", versions.discard, name="discard"),
    # what is done to a row stands before its type: its key may hold slashes, and any word
    path("new/<str:entity_type>/", drafts.new, name="new_row"),
    path("edit/<str:entity_type>/<path:key>/", drafts.edit, name="edit_row"),
    path("delete/<str:entity_type>/<path:key>/", drafts.delete, name="delete_row"),
]
_rows = [
    path("<str:entity_type>/", rows.rows, name="rows"),
    path("<str:entity_type>/<path:key>/", rows.entity, name="entity"),
]

urlpatterns = [
    path("", worlds.worlds, name="worlds"),
    path("import/", imports.choose, name="import"),
    path("import/<int:pk>/", imports.preview, name="import_preview"),
    path("<slug:slug>@<int:version>/", include([*_world, *_rows])),
    path("<slug:slug>/", worlds.newest, name="newest_world"),
]
