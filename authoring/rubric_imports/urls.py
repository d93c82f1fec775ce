"""Addresses of importing criteria into a task's rubric."""

from typing import Any

app_name = "rubric_import"
urlpatterns: list[Any] = []
