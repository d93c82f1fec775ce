"""Addresses of worlds. `entity_type` comes last: the words before it are no entity types."""

from django.urls import URLPattern

app_name = "simulation"

urlpatterns: list[URLPattern] = []
