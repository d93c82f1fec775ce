"""Tasks over REST: listed, begun, looked at, given to people, retired and brought back."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.access import look_at_task, visible_task
from authoring.api.beginning import begin
from authoring.api.parts import SLUG, AuthoringViewSet, TaskPartViewSet
from authoring.api.people import change_people
from authoring.api.task_wire import (
    TaskChangeIn,
    TaskIn,
    TaskOut,
    TaskQuery,
    TaskRowOut,
    task_body,
    with_row,
)
from authoring.listing.asked import Asked
from authoring.listing.reading import listed, narrowed
from authoring.models import Task
from authoring.retiring import bring_back, retire
from simulation.errors import Forbidden
from simulation.rest.pages import Pages

ORDERS = {"changed": "changed_at", "-changed": "-changed_at"}


class TaskPages(Pages):
    """In the order that is asked for; equal moments go by name."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        sort = str(view.asked(request)["sort"])
        return (ORDERS[sort], "slug") if sort in ORDERS else (sort,)


class TaskListViewSet(AuthoringViewSet):
    """Tasks that you may know of."""

    query_class = TaskQuery
    pagination_class = TaskPages
    queryset = Task.objects.none()
    serializer_class = TaskRowOut

    def get_queryset(self) -> QuerySet[Any]:
        asked = self.asked(self.request)
        asked.pop("sort")
        split = asked.pop("split", "")
        tasks = listed(self.person)
        if split:
            tasks = tasks.filter(split=split)
        return with_row(narrowed(tasks, Asked(**asked)))

    @extend_schema(responses=TaskRowOut(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """Give the tasks that the filters find."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(TaskRowOut(page, many=True).data)

    @extend_schema(request=TaskIn, responses={201: TaskOut})
    def create(self, request: Request) -> Response:
        """Begin a task with its first draft; it is yours."""
        task = begin(self.sent(TaskIn), by=self.person)
        body = task_body(look_at_task(self.person, task.slug))
        where = reverse("api:task-detail", args=[task.slug])
        return Response(
            TaskOut(body).data, status=status.HTTP_201_CREATED, headers={"Location": where}
        )


@extend_schema(parameters=[SLUG])
class TaskViewSet(TaskPartViewSet):
    """One task."""

    @extend_schema(responses=TaskOut)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Give a task, with its content as far as you may see it."""
        return self._shown()

    @extend_schema(request=TaskChangeIn, responses=TaskOut)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Give a task to another owner or reviewer, or change its tags: all of it, or nothing."""
        change_people(self.look(), self.sent(TaskChangeIn))
        return self._shown()

    @extend_schema(request=None, responses=TaskOut)
    def retire(self, request: Request, slug: str) -> Response:
        """Retire a task: it is in no new pack or run."""
        return self._turn(is_retired=True)

    @extend_schema(request=None, responses=TaskOut)
    def bring_back(self, request: Request, slug: str) -> Response:
        """Bring a retired task back."""
        return self._turn(is_retired=False)

    def _turn(self, *, is_retired: bool) -> Response:
        task = visible_task(self.person, self.slug)
        try:
            (retire if is_retired else bring_back)(task, by=self.person)
        except Forbidden:
            raise Http404 from None
        return self._shown()

    def _shown(self) -> Response:
        return Response(TaskOut(task_body(self.look())).data)
