"""What the frame around every page needs: the places in the rail, the theme, the person's roles."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from authoring.inbox.news import News, news_for
from authoring.pages import Place
from simulation.roles import ADMIN, INSPECTORS, LAUNCHERS, roles_of

THEMES = ("light", "dark", "auto")
PLACES = (
    ("Home", "home", "house"),
    ("World", "simulation:worlds", "globe"),
    ("Tasks", "tasks:list", "list-checks"),
    ("Packs", "packs:list", "package"),
    ("Runs", "grading:runs", "circle-play"),
    ("Insights", "agreement:agreement", "chart-no-axes-combined"),
)


def layout(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    user = getattr(request, "user", None)
    roles = roles_of(user) if user else frozenset()
    return {
        "theme": theme if theme in THEMES else "auto",
        "places": tuple(_place(request.path, *place) for place in PLACES),
        "roles": ", ".join(sorted(roles)),
        "is_admin": ADMIN in roles,
        "sees_judges": not roles.isdisjoint(INSPECTORS),
        "may_launch": not roles.isdisjoint(LAUNCHERS),
        "news": SimpleLazyObject(lambda: news_for(user) if user else News()),
    }


def _place(path: str, label: str, name: str, icon: str) -> Place:
    url = reverse(name)
    is_current = path == url if url == "/" else path.startswith(url)
    return Place(label=label, url=url, icon=icon, current=is_current)
