"""Every address of the application, from the resolver, filled with the objects of a scene."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from authoring.exports import EXPORTERS
from grading.transcripts import FORMS
from tests.web.held_out import Scene, Thing

OF_TASK = ("editor", "setup", "reference", "customer", "rubric", "lint", "dry_run", "review",
           "history", "strength", "tasks", "rubric_import", "api:mutation", "api:task",
           "api:task-rubric-import")  # fmt: skip
EVER = "2000-01-01T00:00:00Z"
OF_ROLLOUT = ("api:rollout", "api:episode", "api:verdict")
OF_RUN = ("grading", "grade_again", "api:run", "api:grading")
OF_NEWS = ("reports", "inbox", "api:task-report")
OF_NOBODY = (
    "api:pack",
    "api:token",
    "api:entity",
    "api:world",
    "api:judge",
    "api:endpoint",
    "api:agent",
    "launch",
)
FORMATS = tuple(EXPORTERS)
QUERIES = {
    "add_row:choose": ["?world=store@1&row=@item:lamp"],
    "tasks:list": ["?q=lamps", "?sort=title", "?owner=author-person", "?state=in_review"],
    "tasks:bulk": ["?action=reviewer&person=-&all=1"],
    "grading:compare": ["?a=1&b=2", "?a=1&b=2&change=same"],
    "api:grading-compare": ["?a=1&b=2", "?a=1&b=2&change=same"],
    "rubric:bind": ["?type=item&at=check.expect.0.value"],
    "rubric:export": ["?form=csv", "?form=healthbench"],
    "rubric:pick": ["?at=check.expect.0.value"],
    "simulation:query_rows": ["?of=sale"],
    "dry_run:past": ["?all=1"],
    "packs:pack": ["?newer=1", "?versions=all"],
    "packs:version": ["?split=heldout", "?since=0&changes=all", "?since=1"],
    "packs:add": ["?q=lamps", "?sort=title"],
    "packs:adding": ["?all=1&filter=", "?all=1&approved=1&filter=q%3Dlamps"],
    "packs:download": ["?held_out=1"],
    "launch:new": ["?pack=basics@1", "?all=1&filter=", "?task=lamps", "?like=1", "?since=1"],
    "api:pack-version-changes": ["?since=0", "?since=1"],
    "api:pack-version-export": [f"?format={name}" for name in FORMATS],
    "api:transcripts": [*(f"?form={name}" for name in FORMS), f"?settled_since={EVER}"],
    "api:run-rollouts": [f"?settled_since={EVER}"],
    "api:task-list": ["?q=lamps", "?sort=-changed", "?state=in_review", "?split=heldout"],
    "api:task-differences": ["?from=draft"],
    "api:task-report-list": ["?state=open"],
    "api:rollout-list": ["?split=heldout", "?outcome=pass"],
}
# without one of these questions the address alone is nothing
ASKED_ALONE = {
    "add_row:choose", "api:grading-compare", "api:pack-version-export", "rubric:bind",
    "rubric:export", "rubric:pick", "simulation:query_rows", "tasks:bulk",
}  # fmt: skip


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
        known = [each for each in (*OF_ROLLOUT, *OF_RUN, *OF_NEWS, *OF_TASK, *OF_NOBODY)
                 if f"{self.name}-".startswith(f"{each}-")]  # fmt: skip
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


def queries(route: Route) -> tuple[str, ...]:
    """Give what an address is asked with, "" for nothing."""
    alone = () if route.name in ASKED_ALONE else ("",)
    return (*alone, *QUERIES.get(route.name, ()))


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
    return [f"{url}{query}" for query in queries(route)]


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
    is_of_dry_run = route.name.startswith("api:task-dry-run")
    numbers = {
        "dry_run": thing.dry_run.pk,
        "strength": thing.report.pk,
        "api:mutation": thing.report.pk,
        "api:task": thing.dry_run.pk if is_of_dry_run else thing.comment.pk,
        "review": thing.comment.pk,
    }
    has_check = route.name in ("rubric:bind", "rubric:pick")
    key = f"{thing.word}-paid" if has_check else thing.key
    return {
        "slug": thing.task.slug,
        "pk": numbers.get(route.area),
        "number": thing.waiting.number if route.name == "api:task-differences" else 1,
        "miss": 1,
        "key": "lamp" if route.area == "setup" else key,
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
        "index": _first_call(rollout) if "index" in route.parameters else 0,
        "part": "result",
        "verdict_pk": thing.verdict.pk,
    }


def _first_call(rollout: Any) -> int:
    calls = rollout.episode.steps.filter(kind="tool_call").order_by("index")
    first: int | None = calls.values_list("index", flat=True).first()
    return first or 0


def of_nobody(route: Route, scene: Scene) -> list[str]:
    """Give the addresses of a route that is of no task. Raises KeyError for what is not known."""
    values = _shared(route, scene)
    arguments = {name: values[name] for name in route.parameters}
    forms = FORMATS if "form" in route.parameters else ("",)
    urls = [
        reverse(route.name, kwargs={**arguments, **({"form": form} if form else {})})
        for form in forms
    ]
    return [f"{url}{query}" for url in urls for query in queries(route)]


def _shared(route: Route, scene: Scene) -> Mapping[str, Any]:
    world = {"slug": scene.world.slug, "version": scene.world.version}
    row = {"entity_type": "item", "key": "lamp"}
    number = scene.version.number
    pack = {"slug": scene.pack.slug, "pack": scene.pack.slug, "number": number, "version": number}
    areas: Mapping[str, Mapping[str, Any]] = {
        "simulation": {**world, **row},
        "tasks_using": {**world, **row},
        "api:world": {"name": str(scene.world)},
        "api:entity": {"name": str(scene.world), **row},
        "packs": {**pack, "form": ""},
        "api:pack": pack,
        "tokens": {"pk": scene.token.pk},
        "api:token": {"pk": scene.token.pk},
        "bundles": {"pk": scene.bundle.pk},
        "judges": {"name": scene.judge.name, "version": scene.judge.version},
        "api:judge": {"pk": scene.judge.pk},
        "endpoints": {"name": scene.endpoint.name},
        "agents": {"name": scene.agent.name, "version": scene.agent.version},
        "api:agent": {"key": str(scene.agent)},
        "api:endpoint": {"name": scene.endpoint.name},
        "guide": {"kind": "state"},
    }
    single: Mapping[str, Mapping[str, Any]] = {
        "simulation:prompt": {"name": "clerk"},
        "simulation:tool": {"name": "sell"},
        "simulation:import_preview": {"pk": scene.upload.pk},
    }
    return {**areas.get(route.area, {}), **single.get(route.name, {})}


WORLD = ("simulation", "tasks_using")
LINK = re.compile(r'(?:href|hx-get|src|action)="(/[^"]*)"')
