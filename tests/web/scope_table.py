"""Which scope a token needs for each route of the API, written down."""

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern, get_resolver, reverse

from simulation.rest.scopes import ADMIN, AUTHOR, READ, RUN, TRAIN

READS = {"GET": READ}
WRITES = {"POST": AUTHOR}
RUNS = {"POST": RUN}
NONE = ""  # the document is everybody's: it says nothing that is in the database

NEEDED: Mapping[str, Mapping[str, str]] = {
    # worlds
    "world-list": READS,
    "world-detail": READS,
    "world-export": READS,
    "world-import": WRITES,
    "world-tools": READS,
    "world-query": {"POST": READ},
    "entity-types": READS,
    "entity-rows": READS,
    "entity-row": READS,
    # tasks
    "task-list": READS | WRITES,
    "task-detail": READS | {"PATCH": AUTHOR},
    "task-retire": WRITES,
    "task-bring-back": WRITES,
    "task-draft": READS | {"PUT": AUTHOR, "PATCH": AUTHOR},
    "task-lint": READS,
    "task-rubric-import": WRITES,
    "task-lint-keep": WRITES,
    "task-lint-take-back": WRITES,
    "task-lint-apply": WRITES,
    "task-revisions": READS | WRITES,
    "task-revision": READS,
    "task-differences": READS,
    "task-restore": WRITES,
    "task-submit": WRITES,
    "task-withdraw": WRITES,
    "task-request-changes": WRITES,
    "task-approve": WRITES,
    "task-review": READS,
    "task-reveal": WRITES,
    "task-ticks": WRITES,
    "task-checklist": WRITES,
    "task-comments": READS | WRITES,
    "task-comment": READS,
    "task-replies": WRITES,
    "task-resolve": WRITES,
    "task-reopen": WRITES,
    "task-dry-runs": READS | WRITES,
    "task-dry-run": READS,
    "task-dry-run-cancel": WRITES,
    "task-dry-run-decide": WRITES,
    "mutation-list": READS | RUNS,
    "mutation-detail": READS,
    # packs
    "pack-list": READS | WRITES,
    "pack-detail": READS | {"PATCH": AUTHOR},
    "pack-tasks": READS | {"POST": AUTHOR, "DELETE": AUTHOR},
    "pack-newer": READS | WRITES,
    "pack-check": READS,
    "pack-version-list": READS | WRITES,
    "pack-version-detail": READS,
    "pack-version-entries": READS,
    "pack-version-changes": READS,
    "pack-version-export": {"GET": TRAIN},
    "pack-import": WRITES,
    # runs, and what came of them
    "run-list": READS | RUNS,
    "run-detail": READS,
    "run-rollouts": READS,
    "run-statistics": READS,
    "run-verdicts": READS,
    "run-judging-costs": READS,
    "run-retry-grading": RUNS,
    "run-progress": READS,
    **dict.fromkeys(
        ("run-cancel", "run-pause", "run-resume", "run-limit", "run-retry-masked", "run-release"),
        RUNS,
    ),
    "rollout-list": READS,
    "rollout-detail": READS,
    "rollout-verdicts": READS | RUNS,
    "rollout-failure-notes": READS | RUNS | {"DELETE": RUN},
    "rollout-task-reports": RUNS,
    "verdict-withdrawal": RUNS,
    "episode-list": READS,
    "episode-detail": READS,
    "episode-steps": READS,
    "transcripts": {"GET": TRAIN},
    "gradings": RUNS,
    "grading-list": READS | RUNS,
    "grading-detail": READS,
    "grading-compare": READS,
    "grading-cancel": RUNS,
    "grading-official": RUNS,
    "agreement": READS,
    "labels": READS | RUNS,
    "task-report-list": READS,
    "task-report-detail": READS,
    "task-report-events": READS,
    "task-report-comments": RUNS,
    "task-report-moves": RUNS,
    "task-report-assignment": RUNS,
    # what admins look after, and oneself
    "agent-list": READS | RUNS,
    "agent-detail": READS,
    "agent-versions": RUNS,
    "agent-retire": RUNS,
    "agent-bring-back": RUNS,
    "judge-list": READS,
    "judge-detail": READS,
    "endpoint-list": READS | {"POST": ADMIN},
    "endpoint-detail": READS | {"PATCH": ADMIN},
    "endpoint-test": {"POST": ADMIN},
    "token-list": READS | {"POST": ADMIN},
    "token-detail": READS,
    "token-revoke": {"POST": ADMIN},
    "me": READS,
    "schema": {"GET": NONE},
}
NOWHERE = "nowhere"  # a slug that nothing has
NO_NUMBER = 99_999
VALUES: Mapping[str, Any] = {
    **dict.fromkeys(("slug", "pack", "key", "entity_type"), NOWHERE),
    **dict.fromkeys(("pk", "number", "run"), NO_NUMBER),
}
QUERIES = {"transcripts": f"?run={NO_NUMBER}"}
NAMES = {"endpoint": NOWHERE, "judge": NOWHERE}  # what is named otherwise than a world


def api_patterns() -> list[URLPattern]:
    """Give the named routes of the API, as the resolver has them."""
    (api,) = (p for p in get_resolver().url_patterns if getattr(p, "namespace", "") == "api")
    return [pattern for pattern in api.url_patterns if pattern.name]


def methods_of(pattern: URLPattern) -> set[str]:
    """Give the methods that a route answers itself."""
    callback: Any = pattern.callback
    actions = getattr(callback, "actions", None)
    methods = actions or [name for name in callback.cls.http_method_names
                          if hasattr(callback.cls, name)]  # fmt: skip
    return {name.upper() for name in methods} - {"HEAD", "OPTIONS"}


def address(pattern: URLPattern, **values: Any) -> str:
    """Give an address of a route at which there is nothing, unless values say what."""
    world = f"{NOWHERE}@9"
    name = NAMES.get(str(pattern.name).partition("-")[0], world)
    known = {**VALUES, "name": name, **values}
    parameters = pattern.pattern.regex.groupindex  # type: ignore[union-attr]
    url = reverse(f"api:{pattern.name}", kwargs={each: known[each] for each in parameters})
    return f"{url}{QUERIES.get(str(pattern.name), '')}"
