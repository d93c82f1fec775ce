"""Addresses of bringing a bundle in."""

from typing import Any

app_name = "bundles"
urlpatterns: list[Any] = []
