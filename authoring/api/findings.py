"""Lint over REST: what is found, applied, kept for a reason, and what counts again."""

from dataclasses import replace
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.access import TaskLook
from authoring.api.finding_wire import FingerprintIn, KeepIn, LintOut, lint_body
from authoring.api.parts import SLUG, TaskPartViewSet, revision_of
from authoring.lint.deciding import apply_rewrite, drop, findings_of, keep
from simulation.rest.queries import Query, number


class LintQuery(Query):
    revision = number("a revision, not the draft")


@extend_schema(parameters=[SLUG])
class LintViewSet(TaskPartViewSet):
    """What is probably wrong with a task."""

    @extend_schema(responses=LintOut)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Give all that lint finds in the draft or in a revision, errors first."""
        asked: dict[str, Any] = self.asked(request)
        look = self.look_at_draft()
        if "revision" in asked:
            revision = revision_of(look, asked["revision"])
            content = revision.draft_value
            look = replace(look, content=content, revision=revision, may_edit=False)
        return _shown(look)

    @extend_schema(request=KeepIn, responses=LintOut)
    def keep(self, request: Request, slug: str) -> Response:
        """Say why a warning or a hint stays as it is."""
        look = self.edit()
        sent = self.sent(KeepIn)
        keep(look.task, sent["fingerprint"], reason=sent["reason"], by=self.person)
        return _shown(self.edit())

    @extend_schema(request=FingerprintIn, responses=LintOut)
    def take_back(self, request: Request, slug: str) -> Response:
        """Let a finding that was kept count again; doing it twice is no fault."""
        look = self.edit()
        drop(look.task, self.sent(FingerprintIn)["fingerprint"])
        return _shown(self.edit())

    @extend_schema(request=FingerprintIn, responses=LintOut)
    def apply(self, request: Request, slug: str) -> Response:
        """Change the draft as a finding proposes."""
        look = self.edit()
        apply_rewrite(look.task, self.sent(FingerprintIn)["fingerprint"], by=self.person)
        return _shown(self.edit())


def _shown(look: TaskLook) -> Response:
    findings = findings_of(look.task, look.content)
    return Response(LintOut(lint_body(look, findings)).data)
