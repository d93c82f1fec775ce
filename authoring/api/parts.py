"""The base of every view of one task: who looks, at what."""

from typing import Any, ClassVar, cast

from django.contrib.auth.models import User
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from authoring.access import TaskLook, edit_task, look_at_rubric, look_at_task
from authoring.models import Revision
from simulation.rest.scopes import AUTHOR
from simulation.rest.views import ApiViewSet

SLUG = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="name of the task")
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="of the revision")
PK = OpenApiParameter("id", int, OpenApiParameter.PATH, description="its id")


class AuthoringViewSet(ApiViewSet):
    """Views that authors and reviewers write through: a token needs the scope author for that."""

    write_scope: ClassVar[str] = AUTHOR
    serializer_class: Any = serializers.Serializer
    request: Request

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def sent(self, body: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Read what was sent. Raises ValidationError."""
        checked = body(data=self.request.data)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)


class TaskPartViewSet(AuthoringViewSet):
    """A part of the task that the address names. What one may not see is not found."""

    @property
    def slug(self) -> str:
        return str(self.kwargs["slug"])

    def look(self) -> TaskLook:
        return look_at_task(self.person, self.slug)

    def look_at_draft(self) -> TaskLook:
        """Give the task to its author, reviewers and admins."""
        look = self.look()
        if not look.sees_draft:
            raise Http404
        return look

    def look_at_rubric(self) -> TaskLook:
        return look_at_rubric(self.person, self.slug)

    def edit(self) -> TaskLook:
        """Give the task to who may change it."""
        return edit_task(self.person, self.slug)


def revision_of(look: TaskLook, number: int) -> Revision:
    """Give a revision of a task whose draft is seen. Raises Http404."""
    found = look.task.revisions.select_related("author").filter(number=number).first()
    if found is None:
        raise Http404
    found.task = look.task
    return found
