"""Addresses of personal tokens."""

from django.urls import path

from authoring.tokens import views

app_name = "tokens"
urlpatterns = [
    path("", views.tokens, name="list"),
    path("all/", views.everybodys, name="all"),
    path("new/", views.new, name="new"),
    path("<int:pk>/revoke/", views.revoke, name="revoke"),
]
