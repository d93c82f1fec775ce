"""Addresses of worlds. `entity_type` comes last: the words before it are no entity types."""

from django.urls import path

from simulation.views import imports

app_name = "simulation"

urlpatterns = [
    path("import/", imports.choose, name="import"),
    path("import/<int:pk>/", imports.preview, name="import_preview"),
    path("<slug:slug>@<int:version>/export/", imports.export, name="export"),
]
