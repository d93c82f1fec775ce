"""Addresses of bringing a bundle in."""

from django.urls import path

from authoring.bundles import views

app_name = "bundles"
urlpatterns = [
    path("", views.choose, name="import"),
    path("<int:pk>/", views.preview, name="preview"),
]
