from typing import Any

app_name = "lint"
urlpatterns: list[Any] = []
