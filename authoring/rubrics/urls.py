from django.urls import path

from authoring.rubric_imports import views as exporting
from authoring.rubrics import acts, many_views, views, world_views

app_name = "rubric"
urlpatterns = [
    path("", views.page, name="page"),
    path("add/", acts.add, name="add"),
    path("from-reference/", acts.from_reference, name="from_reference"),
    path("put-back/", acts.put_back, name="put_back"),
    path("per-row/", many_views.per_row, name="per_row"),
    path("export/", exporting.export, name="export"),
    path("per-field/", many_views.per_field, name="per_field"),
    path("<slug:key>/save/", views.save, name="save"),
    path("<slug:key>/json/", views.save_json, name="json"),
    path("<slug:key>/preview/", views.preview, name="preview"),
    path("<slug:key>/move/", acts.move, name="move"),
    path("<slug:key>/duplicate/", acts.duplicate, name="duplicate"),
    path("<slug:key>/remove/", acts.remove, name="remove"),
    path("<slug:key>/split/", acts.split, name="split"),
    path("<slug:key>/turn/", acts.turn, name="turn"),
    path("<slug:key>/bind/", world_views.bind, name="bind"),
    path("<slug:key>/pick/", world_views.pick, name="pick"),
]
