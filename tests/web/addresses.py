"""Every address of the application, from the resolver, filled with the objects of a scene."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web.held_out import Scene, Thing

OF_TASK = ("editor", "setup", "reference", "customer", "rubric", "lint", "dry_run", "review",
           "history", "strength", "tasks", "api:mutation")  # fmt: skip
OF_ROLLOUT = ("api:rollout", "api:episode", "api:verdict")
OF_RUN = ("grading", "grade_again", "api:run", "api:grading")
OF_NEWS = ("reports", "inbox", "api:task-report")
QUERIES = {
    "add_row:choose": ["?world=store@1&row=@item:lamp"],
    "tasks:list": ["?q=lamps", "?sort=title", "?owner=author-person", "?state=in_review"],
    "tasks:bulk": ["?action=reviewer&person=-&all=1"],
    "grading:compare": ["?a=1&b=2", "?a=1&b=2&change=same"],
    "api:grading-compare": ["?a=1&b=2", "?a=1&b=2&change=same"],
    "rubric:bind": ["?type=item&at=check.expect.0.value"],
    "rubric:pick": ["?at=check.expect.0.value"],
    "simulation:query_rows": ["?of=sale"],
    "dry_run:past": ["?all=1"],
}


@dataclass(frozen=True)
class Route:
    """A named address. area: its namespace, of the API with the name of the resource."""

    name: str
    parameters: frozenset[str]

    @property
    def area(self) -> str:
        space, _, _rest = self.name.rpartition(":")
        if space != "api":
            return space or self.name
        known = [each for each in (*OF_ROLLOUT, *OF_RUN, *OF_NEWS, *OF_TASK)
                 if self.name.startswith(f"{each}-")]  # fmt: skip
        return max(known, key=len, default=self.name)

    @property
    def is_of_thing(self) -> bool:
        """Tell whether it is the address of a task or of what came of one."""
        areas = (*OF_TASK, *OF_RUN, *OF_ROLLOUT, *OF_NEWS)
        return self.area in areas and bool(self.parameters)


def routes() -> list[Route]:
    """Give every named route but those of the back office, each with its parameters once."""
    found = set(_walk(get_resolver(), "", frozenset()))
    return sorted(found, key=lambda route: (route.name, sorted(route.parameters)))


def _walk(resolver: URLResolver, space: str, given: frozenset[str]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        names = given | _parameters(pattern)
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from _walk(pattern, inner, names)
        elif pattern.name:
            yield Route(f"{space}{pattern.name}", names)


def _parameters(pattern: URLPattern | URLResolver) -> frozenset[str]:
    inner: Any = pattern.pattern
    return frozenset(inner.converters) | frozenset(inner.regex.groupindex)


def of_thing(route: Route, thing: Thing) -> list[str]:
    """Give the addresses of a thing on a route. Raises KeyError for what nobody filled in yet.

    What is held out has a run and rollouts of its own, and rollouts in a run of others.
    """
    rollouts = [thing.own, thing.rollouts["null"]]
    has_rollout = "run_pk" in route.parameters or route.area in OF_ROLLOUT
    chosen = rollouts if has_rollout else rollouts[:1]
    return [address for rollout in chosen for address in _filled(route, thing, rollout)]


def _filled(route: Route, thing: Thing, rollout: Any) -> list[str]:
    values = _of_route(route, thing, rollout)
    arguments = {name: values[name] for name in route.parameters}
    url = reverse(route.name, kwargs=arguments)
    return [f"{url}{query}" for query in ("", *QUERIES.get(route.name, ()))]


def _of_route(route: Route, thing: Thing, rollout: Any) -> Mapping[str, Any]:
    if route.area in OF_TASK:
        return _of_task(route, thing)
    if route.area in OF_ROLLOUT or "run_pk" in route.parameters:
        return _of_rollout(route, thing, rollout)
    if route.area in OF_RUN:
        return {"pk": rollout.run_id, "run": rollout.run_id, "grading": 1, "number": 1}
    news = thing.news["author"].pk if route.area == "inbox" else thing.complaint.pk
    return {"pk": news}


def _of_task(route: Route, thing: Thing) -> Mapping[str, Any]:
    numbers = {
        "dry_run": thing.dry_run.pk,
        "strength": thing.report.pk,
        "api:mutation": thing.report.pk,
        "review": thing.comment.pk,
    }
    key = "lamp" if route.area == "setup" else thing.key
    return {
        "slug": thing.task.slug,
        "pk": numbers.get(route.area),
        "number": 1,
        "miss": 1,
        "key": key,
        "name": "sell",
        "tool": "sell",
        "entity_type": "item",
        "mutant": "m-1",
    }


def _of_rollout(route: Route, thing: Thing, rollout: Any) -> Mapping[str, Any]:
    numbers = {"api:episode": rollout.episode_id, "api:verdict": thing.verdict.pk}
    return {
        "run_pk": rollout.run_id,
        "pk": numbers.get(route.area, rollout.pk),
        "index": "1",
        "part": "result",
        "verdict_pk": thing.verdict.pk,
    }


def of_nobody(route: Route, scene: Scene) -> list[str]:
    """Give the addresses of a route that is of no task. Raises KeyError for what is not known."""
    shared = {"slug": scene.world.slug, "version": scene.world.version}
    values: Mapping[str, Mapping[str, Any]] = {
        "simulation:prompt": {"name": "clerk"},
        "simulation:tool": {"name": "sell"},
        "simulation:import_preview": {"pk": scene.upload.pk},
        "judges": {"name": scene.judge.name, "version": scene.judge.version},
        "api:judge-detail": {"pk": scene.judge.pk},
        "endpoints": {"name": scene.endpoint.name},
        "api:endpoint-detail": {"name": scene.endpoint.name},
        "api:world-detail": {"name": str(scene.world)},
        "api:world-export": {"name": str(scene.world)},
        "guide": {"kind": "state"},
    }
    own = {**values.get(route.area, {}), **values.get(route.name, {})}
    row = {"entity_type": "item", "key": "lamp"}
    known = {**shared, **row, **own} if route.area in WORLD else own
    url = reverse(route.name, kwargs={name: known[name] for name in route.parameters})
    first = "?page_size=1000" if route.area.startswith("api:") else ""
    return [f"{url}{query}" for query in (first, *QUERIES.get(route.name, ()))]


WORLD = ("simulation", "tasks_using")
LINK = re.compile(r'(?:href|hx-get|src|action)="(/[^"]*)"')
