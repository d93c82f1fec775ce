"""The review of a task over REST: handed in, looked at, ticked, judged.

What stands against a move is what stands against it in the browser, all of it at once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.access import TaskLook
from authoring.api.parts import SLUG, TaskPartViewSet, revision_of
from authoring.api.review_wire import (
    ChecklistIn,
    JudgementIn,
    NoteIn,
    ReviewOut,
    RevisionIn,
    SubmitIn,
    TicksIn,
    review_body,
)
from authoring.models import Revision
from authoring.references.trying import calls_made
from authoring.reviewing.checklist import KEYS, Answer, answer_checklist
from authoring.reviewing.judging import approve, request_changes, reveal
from authoring.reviewing.people import judges_of
from authoring.reviewing.rounds import rounds_of
from authoring.reviewing.submission import submit, withdraw
from authoring.reviewing.ticks import tick
from simulation.errors import InvalidArgument, Problems
from simulation.rest.queries import Query, number

Sent = Mapping[str, Any]


class ReviewQuery(Query):
    revision = number("one that was handed in; else the one that waits, or the newest")


@extend_schema(parameters=[SLUG])
class ReviewViewSet(TaskPartViewSet):
    """The review of a task, for its author, reviewers and admins."""

    @extend_schema(responses=ReviewOut)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Give where the review stands, and how far you are with it."""
        look = self.look_at_draft()
        rounds = rounds_of(look.task, self.asked(request).get("revision"))
        return _shown(look, rounds.revision if rounds else None)

    @extend_schema(request=SubmitIn, responses=ReviewOut)
    def submit(self, request: Request, slug: str) -> Response:
        """Hand the draft in; what waits already is taken back first."""
        look = self.edit()
        sent = self.sent(SubmitIn)
        reviewer = _reviewer(look, sent["reviewer"])
        revision = submit(look.task, by=self.person, note=sent["comment"], reviewer=reviewer)
        return _shown(self.edit(), revision)

    @extend_schema(request=NoteIn, responses=ReviewOut)
    def withdraw(self, request: Request, slug: str) -> Response:
        """Take back what waits for review or was sent back."""
        look = self.edit()
        revision = withdraw(look.task, by=self.person, note=self.sent(NoteIn)["comment"])
        return _shown(look, revision)

    @extend_schema(request=JudgementIn, responses=ReviewOut)
    def request_changes(self, request: Request, slug: str) -> Response:
        """Send a revision back: your open threads, and the comment as one of them, say why."""
        return self._act(JudgementIn, self._request_changes)

    @extend_schema(request=JudgementIn, responses=ReviewOut)
    def approve(self, request: Request, slug: str) -> Response:
        """Approve a revision, once all is looked at and all gates hold."""
        return self._act(JudgementIn, self._approve)

    @extend_schema(request=RevisionIn, responses=ReviewOut)
    def reveal(self, request: Request, slug: str) -> Response:
        """Ask to see the reference; that you did is kept."""
        return self._act(RevisionIn, self._reveal)

    @extend_schema(request=TicksIn, responses=ReviewOut)
    def ticks(self, request: Request, slug: str) -> Response:
        """Tick criteria that you looked at and found right, or take ticks back."""
        return self._act(TicksIn, self._tick)

    @extend_schema(request=ChecklistIn, responses=ReviewOut)
    def checklist(self, request: Request, slug: str) -> Response:
        """Answer questions of the checklist; other answers that you gave stay."""
        return self._act(ChecklistIn, self._answer)

    @transaction.atomic
    def _act(self, body: type[RevisionIn], act: Callable[[Revision, Sent], object]) -> Response:
        """Act on the revision that was looked at: wholly or not at all."""
        look = self.look_at_draft()
        sent = self.sent(body)
        act(revision_of(look, sent["revision"]), sent)
        look = self.look_at_draft()
        return _shown(look, revision_of(look, sent["revision"]))

    def _request_changes(self, revision: Revision, sent: Sent) -> None:
        request_changes(revision, by=self.person, text=sent["comment"])

    def _approve(self, revision: Revision, sent: Sent) -> None:
        approve(revision, by=self.person, note=sent["comment"])

    def _reveal(self, revision: Revision, sent: Sent) -> None:
        reveal(revision, by=self.person, calls=calls_made(self.person, revision.task))

    def _tick(self, revision: Revision, sent: Sent) -> None:
        for key, is_on in sent["ticks"].items():
            tick(revision, key, by=self.person, is_on=is_on)

    def _answer(self, revision: Revision, sent: Sent) -> None:
        if unknown := [key for key in sent["answers"] if key not in KEYS]:
            known = ", ".join(KEYS)
            raise Problems([f"answers: there is no question {k!r} in {known}" for k in unknown])
        answers = {key: Answer(**answer) for key, answer in sent["answers"].items()}
        answer_checklist(revision, answers, by=self.person)


def _shown(look: TaskLook, revision: Revision | None) -> Response:
    return Response(ReviewOut(review_body(look, revision)).data)


def _reviewer(look: TaskLook, name: str) -> User | None:
    if not name:
        return None
    found = judges_of(look.task).filter(username=name).first()
    if found is None:
        raise InvalidArgument(f"{name[:80]!r} cannot review this task", field="reviewer")
    return found
