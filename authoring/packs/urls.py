"""Addresses of packs."""

from typing import Any

app_name = "packs"
urlpatterns: list[Any] = []
