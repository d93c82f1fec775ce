"""The draft of a task over REST: read whole, replaced whole, or changed part by part.

Its ETag is the hash of its content and that of all else in the answer: who reads learns of both,
who writes is asked for the first alone.
"""

import hashlib
from collections.abc import Callable

from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.access import TaskLook
from authoring.api.draft_wire import DraftIn, DraftOut, EditsIn, draft_body, read_edits
from authoring.api.parts import SLUG, TaskPartViewSet
from authoring.drafts.document import Document
from authoring.drafts.saving import change, save
from authoring.models import Draft
from simulation.rest.etags import PreconditionFailed, PreconditionRequired
from simulation.text import canonical

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="ETag of what you changed"
)


@extend_schema(parameters=[SLUG])
class DraftViewSet(TaskPartViewSet):
    """What the author writes; readers of the approved task do not find it."""

    @extend_schema(responses=DraftOut)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Give the draft; its ETag begins with the hash of its content."""
        look = self.look_at_draft()
        assert look.draft is not None  # noqa: S101  who sees no draft was turned away
        return _shown(look, look.draft)

    @extend_schema(
        request=DraftIn,
        responses=DraftOut,
        parameters=[IF_MATCH],
    )
    def update(self, request: Request, slug: str) -> Response:
        """Replace all of it, if it still is what If-Match says."""
        look = self.edit()
        seen = _seen(request)
        document: Document = self.sent(DraftIn)["content"]

        def replaced(_: Document) -> Document:
            return document

        return _shown(look, change(look.task, replaced, by=self.person, check=seen))

    @extend_schema(
        request=EditsIn,
        responses=DraftOut,
    )
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change parts of it: all of them, or none where somebody changed one of them meanwhile.

        Then 409 lists those parts in `clashes`, with both sides.
        """
        look = self.edit()
        edits = read_edits(self.sent(EditsIn)["edits"])
        return _shown(look, save(look.task, edits, by=self.person))


def _seen(request: Request) -> Callable[[Draft], None]:
    """Give the check that a draft still is what the sender saw. Raises PreconditionRequired."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired("send the ETag of the draft that you changed as If-Match")
    tags = [tag.removeprefix("W/").strip('"').partition(".")[0] for tag in parse_etags(header)]

    def check(draft: Draft) -> None:
        if "*" not in tags and draft.value.hash not in tags:
            who = draft.updated_by.get_username()
            raise PreconditionFailed(
                f"{who} saved version {draft.version} meanwhile: nothing was saved, read it again"
            )

    return check


def _shown(look: TaskLook, draft: Draft) -> Response:
    body = draft_body(look, draft)
    data = DraftOut(body).data
    whole = hashlib.sha256(canonical(data)).hexdigest()[:16]
    return Response(data, headers={"ETag": f'"{body["hash"]}.{whole}"'})
