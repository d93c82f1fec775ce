"""Addresses of tasks, tokens and oneself below /api/v1/."""

from typing import Any

from django.urls import URLPattern, re_path

from authoring.api.comments import ThreadListViewSet, ThreadViewSet
from authoring.api.drafts import DraftViewSet
from authoring.api.dry_runs import DryRunListViewSet, DryRunViewSet
from authoring.api.findings import LintQuery, LintViewSet
from authoring.api.parts import AuthoringViewSet
from authoring.api.reviews import ReviewQuery, ReviewViewSet
from authoring.api.revision_wire import FromQuery
from authoring.api.revisions import RevisionListViewSet, RevisionViewSet
from authoring.api.rubric_imports import RubricImportView
from authoring.api.tasks import TaskListViewSet, TaskViewSet
from authoring.api.tokens import MeViewSet, TokenViewSet
from simulation.rest.queries import Query

SLUG = "(?P<slug>[-a-zA-Z0-9_]+)"
NUMBER = "(?P<number>[0-9]{1,9})"
PK = "(?P<pk>[0-9]{1,9})"


def _at(
    address: str,
    name: str,
    view: type[AuthoringViewSet],
    *,
    query: type[Query] | None = None,
    **methods: Any,
) -> URLPattern:
    """query: what the address of a single thing may ask for."""
    said = {"query_class": query} if query else {}
    return re_path(f"^{address}/$", view.as_view(methods, **said), name=name)


def _of_task(address: str, name: str, view: type[AuthoringViewSet], **options: Any) -> URLPattern:
    return _at(f"tasks/{SLUG}/{address}".rstrip("/"), f"task-{name}", view, **options)


urlpatterns = [
    _at("tasks", "task-list", TaskListViewSet, get="list", post="create"),
    _of_task("", "detail", TaskViewSet, get="retrieve", patch="partial_update"),
    _of_task("retire", "retire", TaskViewSet, post="retire"),
    _of_task("bring-back", "bring-back", TaskViewSet, post="bring_back"),
    re_path(
        f"^tasks/{SLUG}/rubric/import/$", RubricImportView.as_view(), name="task-rubric-import"
    ),
    _of_task("draft", "draft", DraftViewSet, get="retrieve", put="update", patch="partial_update"),
    _of_task("lint", "lint", LintViewSet, query=LintQuery, get="retrieve"),
    _of_task("lint/keep", "lint-keep", LintViewSet, post="keep"),
    _of_task("lint/take-back", "lint-take-back", LintViewSet, post="take_back"),
    _of_task("lint/apply", "lint-apply", LintViewSet, post="apply"),
    _of_task("revisions", "revisions", RevisionListViewSet, get="list", post="create"),
    _of_task(f"revisions/{NUMBER}", "revision", RevisionViewSet, get="retrieve"),
    _of_task(
        f"revisions/{NUMBER}/differences",
        "differences",
        RevisionViewSet,
        query=FromQuery,
        get="differences",
    ),
    _of_task(f"revisions/{NUMBER}/restore", "restore", RevisionViewSet, post="restore"),
    _of_task("submit", "submit", ReviewViewSet, post="submit"),
    _of_task("withdraw", "withdraw", ReviewViewSet, post="withdraw"),
    _of_task("request-changes", "request-changes", ReviewViewSet, post="request_changes"),
    _of_task("approve", "approve", ReviewViewSet, post="approve"),
    _of_task("review", "review", ReviewViewSet, query=ReviewQuery, get="retrieve"),
    _of_task("review/reveal", "reveal", ReviewViewSet, post="reveal"),
    _of_task("review/ticks", "ticks", ReviewViewSet, post="ticks"),
    _of_task("review/checklist", "checklist", ReviewViewSet, post="checklist"),
    _of_task("comments", "comments", ThreadListViewSet, get="list", post="create"),
    _of_task(f"comments/{PK}", "comment", ThreadViewSet, get="retrieve"),
    _of_task(f"comments/{PK}/replies", "replies", ThreadViewSet, post="reply"),
    _of_task(f"comments/{PK}/resolve", "resolve", ThreadViewSet, post="resolve"),
    _of_task(f"comments/{PK}/reopen", "reopen", ThreadViewSet, post="reopen"),
    _of_task("dry-runs", "dry-runs", DryRunListViewSet, get="list", post="create"),
    _of_task(f"dry-runs/{PK}", "dry-run", DryRunViewSet, get="retrieve"),
    _of_task(f"dry-runs/{PK}/cancel", "dry-run-cancel", DryRunViewSet, post="cancel"),
    _of_task(f"dry-runs/{PK}/decide", "dry-run-decide", DryRunViewSet, post="decide"),
    _at("tokens", "token-list", TokenViewSet, get="list", post="create"),
    _at(f"tokens/{PK}", "token-detail", TokenViewSet, get="retrieve"),
    _at(f"tokens/{PK}/revoke", "token-revoke", TokenViewSet, post="revoke"),
    _at("me", "me", MeViewSet, get="retrieve"),
]
