from typing import Any

app_name = "dry_run"
urlpatterns: list[Any] = []
