from typing import Any

app_name = "guide"
urlpatterns: list[Any] = []
