"""Pages: server time of the real views and templates, with many episodes stored."""

from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from config.bench.measuring import measure
from config.bench.rows import BenchError, Row, Target, timed
from config.bench.scene import Scene
from config.bench.stock import FIRST, fill, long_episode

FEW = 2000
LONG = 2000  # steps
TARGET = Target("most", 150)
LONG_TARGET = Target("most", 500)  # the browser needs as long for so large a page
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def rows(scene: Scene) -> Iterator[Row]:
    rollout = fill(scene, scene.stored_episodes)
    long = long_episode(scene, LONG)
    addresses = {
        "home": reverse("home"),
        "tasks": reverse("tasks:list"),
        "tasks-search": f"{reverse('tasks:list')}?q=ticket&sort=title",
        "tasks-bulk": f"{reverse('tasks:bulk')}?action=add_tag&tag=x&all=1",
        "task-new": reverse("tasks:new"),
        "guide": reverse("guide:index"),
        "runs": reverse("grading:runs"),
        "run": reverse("grading:run", args=[FIRST]),
        "run-statistics": reverse("grading:statistics", args=[FIRST]),
        "episode": reverse("grading:episode", args=[rollout.run_id, rollout.pk]),
        f"episode-of-{LONG}-steps": reverse("grading:episode", args=[long.run_id, long.pk]),
        **_world_addresses(scene),
    }
    client = Client(headers={"host": "localhost"})
    client.force_login(scene.owner)
    with override_settings(STORAGES=STORAGES, ALLOWED_HOSTS=["localhost"]):
        for name, address in addresses.items():
            yield _page(client, name, address, scene.stored_episodes)


def _world_addresses(scene: Scene) -> dict[str, str]:
    """Name the pages of a world: its home, a list, a row, a search, a question, a tool."""
    world, order = [scene.world.slug, scene.world.version], scene.case.order["id"]
    return {
        "world": reverse("simulation:world", args=world),
        "world-rows": reverse("simulation:rows", args=[*world, "order"]),
        "world-row": reverse("simulation:entity", args=[*world, "order", order]),
        "world-search": f"{reverse('simulation:search', args=world)}?q={scene.case.surname}",
        "world-query": reverse("simulation:query", args=world),
        "world-tool": reverse("simulation:tool", args=[*world, "searchOrders"]),
        "world-check": reverse("simulation:check", args=world),
    }


def _page(client: Client, name: str, address: str, stored: int) -> Row:
    def visit() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise BenchError(f"{address} answers {answer.status_code}")

    visit()
    with CaptureQueriesContext(connection) as queries:
        visit()
    what = f"the page {name}, {len(queries)} queries, {stored:,} episodes stored"
    target = LONG_TARGET if str(LONG) in name else TARGET
    return timed(f"page-{name}", what, measure(visit), target)
