"""Comments over REST: threads at places of a task, answered, resolved, opened again."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.access import TaskLook
from authoring.api.parts import PK, SLUG, TaskPartViewSet
from authoring.models import Comment
from authoring.reviewing.comments import LONGEST, add_comment, reopen, reply, resolve
from authoring.reviewing.places import LAST_SEEN
from simulation.rest.bodies import Body
from simulation.rest.pages import OldestFirst
from simulation.rest.queries import Query, text, yes_or_no

MAX_PLACE = 120


class ThreadQuery(Query):
    is_open = yes_or_no("true: threads that nobody resolved; false: the others")
    place = text()


class ReplyOut(serializers.ModelSerializer[Comment]):
    author = serializers.CharField(source="author.username")

    class Meta:
        model = Comment
        fields = ("id", "author", "body", "created_at")


class ThreadOut(ReplyOut):
    """A thread: the comment that began it, and what was answered. revision: the newest then."""

    revision = serializers.IntegerField(source="revision.number", default=None, allow_null=True)
    resolved_by = serializers.CharField(
        source="resolved_by.username", default=None, allow_null=True
    )
    replies = ReplyOut(many=True)

    class Meta(ReplyOut.Meta):
        fields = (  # type: ignore[assignment]
            *ReplyOut.Meta.fields, "place", "revision", "resolved_by", "resolved_at", "replies",
        )  # fmt: skip


class ReplyIn(Body):
    body = serializers.CharField(max_length=LONGEST)


class ThreadIn(ReplyIn):
    place = serializers.CharField(
        max_length=MAX_PLACE,
        default="task",
        help_text="task, prompt, setup, reference, customer, rubric, or an item: criterion/KEY, "
        "setup/N, reference/N",
    )


def threads_of(look: TaskLook) -> QuerySet[Comment]:
    """Give the threads that a person may read, each with its answers."""
    answers = Prefetch("replies", Comment.objects.select_related("author"))
    heads = Comment.objects.filter(task=look.task, parent__isnull=True)
    if look.hides_reference:
        heads = heads.exclude(place=LAST_SEEN).exclude(place__startswith=f"{LAST_SEEN}/")
    related = heads.select_related("author", "resolved_by", "revision").defer("revision__content")
    return related.prefetch_related(answers)


@extend_schema(parameters=[SLUG])
class ThreadListViewSet(TaskPartViewSet):
    """What was said of a task, for its author, reviewers and admins."""

    query_class = ThreadQuery
    pagination_class = OldestFirst
    queryset = Comment.objects.none()
    serializer_class = ThreadOut

    @extend_schema(responses=ThreadOut(many=True), filters=False)
    def list(self, request: Request, slug: str) -> Response:
        """Give threads, oldest first; is_open=true leaves out what is resolved."""
        asked: dict[str, Any] = self.asked(request)
        threads = threads_of(self.look_at_draft())
        if "is_open" in asked:
            threads = threads.filter(resolved_at__isnull=asked["is_open"])
        if place := asked.get("place"):
            threads = threads.filter(place=place)
        page = self.paginate_queryset(threads) or []
        return self.get_paginated_response(ThreadOut(page, many=True).data)

    @extend_schema(request=ThreadIn, responses={201: ThreadOut})
    def create(self, request: Request, slug: str) -> Response:
        """Begin a thread at a place of the task."""
        look = self.look_at_draft()
        sent = self.sent(ThreadIn)
        comment = add_comment(look, sent["place"], sent["body"])
        return _shown(look, comment.pk, status.HTTP_201_CREATED)


@extend_schema(parameters=[SLUG, PK])
class ThreadViewSet(TaskPartViewSet):
    """One thread."""

    @extend_schema(request=ReplyIn, responses={201: ThreadOut})
    def reply(self, request: Request, slug: str, pk: str) -> Response:
        """Answer a thread."""
        look = self.look_at_draft()
        reply(look, self._thread(look), self.sent(ReplyIn)["body"])
        return _shown(look, int(pk), status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=ThreadOut)
    def resolve(self, request: Request, slug: str, pk: str) -> Response:
        """Close a thread."""
        return self._turn(resolve)

    @extend_schema(request=None, responses=ThreadOut)
    def reopen(self, request: Request, slug: str, pk: str) -> Response:
        """Open a resolved thread again."""
        return self._turn(reopen)

    @extend_schema(responses=ThreadOut)
    def retrieve(self, request: Request, slug: str, pk: str) -> Response:
        """Give one thread with its answers."""
        look = self.look_at_draft()
        return _shown(look, self._thread(look).pk)

    def _turn(self, act: Callable[[TaskLook, Comment], None]) -> Response:
        look = self.look_at_draft()
        thread = self._thread(look)
        act(look, thread)
        return _shown(look, thread.pk)

    def _thread(self, look: TaskLook) -> Comment:
        return get_object_or_404(threads_of(look), pk=self.kwargs["pk"])


def _shown(look: TaskLook, pk: int, code: int = status.HTTP_200_OK) -> Response:
    return Response(ThreadOut(threads_of(look).get(pk=pk)).data, status=code)
