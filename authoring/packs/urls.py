"""Addresses of packs."""

from django.urls import path

from authoring.packs import composing_views, version_views, views

app_name = "packs"
urlpatterns = [
    path("", views.packs, name="list"),
    path("new/", views.new, name="new"),
    path("<slug:slug>/", views.pack, name="pack"),
    path("<slug:slug>/checks/", views.checks, name="checks"),
    path("<slug:slug>/settings/", views.settings, name="settings"),
    path("<slug:slug>/add/", composing_views.add, name="add"),
    path("<slug:slug>/adding/", composing_views.adding, name="adding"),
    path("<slug:slug>/remove/", composing_views.remove, name="remove"),
    path("<slug:slug>/newer/", composing_views.newer, name="newer"),
    path("<slug:slug>/freeze/", composing_views.freeze, name="freeze"),
    path("<slug:slug>/versions/<int:version>/", version_views.version, name="version"),
    path(
        "<slug:slug>/versions/<int:version>/download/<slug:form>/",
        version_views.download,
        name="download",
    ),
]
