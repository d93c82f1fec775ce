"""What tasks look like over REST."""

from typing import Any

from django.db.models import F
from django.db.models.fields.json import KeyTransform
from rest_framework import serializers

from authoring.access import TaskLook
from authoring.api.shown import hidden_fields, shown_content
from authoring.content import CATEGORIES
from authoring.listing.asked import DIFFICULTIES, LINTS, LONGEST
from authoring.listing.reading import Tasks, read_text
from authoring.listing.templates import TEMPLATES
from authoring.models import Draft, Revision
from authoring.splits import SPLITS
from authoring.states import MARKS, state_of
from simulation.rest.bodies import Body
from simulation.rest.queries import Query, one_of, text

SORTS = ("slug", "-slug", "changed", "-changed")
MOST_TAGS = 50


class TaskQuery(Query):
    """Filters of the list of tasks; each works on what you see of a task."""

    state = one_of(tuple(MARKS))
    owner = text()
    reviewer = text("a name, or - for tasks without one")
    category = one_of(CATEGORIES)
    difficulty = one_of(DIFFICULTIES)
    tag = text()
    lint = one_of(LINTS)
    split = one_of(SPLITS)
    q = text("words of name, title or prompt")
    sort = serializers.ChoiceField(SORTS, required=False, default=SORTS[0])


class LintCountsOut(serializers.Serializer[Any]):
    errors = serializers.IntegerField(default=0)  # type: ignore[assignment]
    warnings = serializers.IntegerField(default=0)
    hints = serializers.IntegerField(default=0)


class TaskRowOut(serializers.Serializer[Any]):
    """A task in a list. reviewer and lint are null for those who do not see its draft."""

    slug = serializers.CharField()
    title = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(tuple(MARKS))
    owner = serializers.CharField(source="owner.username")
    reviewer = serializers.SerializerMethodField()
    split = serializers.CharField(allow_blank=True, help_text="empty until its first pack")
    family = serializers.CharField(allow_blank=True)
    category = serializers.CharField(allow_null=True)
    difficulty = serializers.CharField(allow_null=True)
    tags = serializers.SerializerMethodField()
    lint = serializers.SerializerMethodField()
    approved_revision = serializers.IntegerField(source="approved_number", allow_null=True)
    changed_at = serializers.DateTimeField()

    def get_reviewer(self, task: Any) -> str | None:
        return task.reviewer.get_username() if task.sees_draft and task.reviewer else None

    def get_tags(self, task: Any) -> list[str]:
        return list(task.tags or ())

    def get_lint(self, task: Any) -> dict[str, int] | None:
        return lint_counts(task.findings) if task.sees_draft else None


class DraftStateOut(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    hash = serializers.CharField()
    is_ahead = serializers.BooleanField(help_text="no revision says the same yet")
    updated_by = serializers.CharField()
    updated_at = serializers.DateTimeField()


class ApprovedOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    hash = serializers.CharField()
    author = serializers.CharField()
    created_at = serializers.DateTimeField()


class TaskOut(serializers.Serializer[Any]):
    """A task as you see it.

    content: all of it for its author, reviewers, analysts and admins; the prompt and the labels for
    everybody else. hidden: fields of it that a reviewer sees after asking for the reference.
    """

    slug = serializers.CharField()
    state = serializers.ChoiceField(tuple(MARKS))
    owner = serializers.CharField()
    reviewer = serializers.CharField(allow_null=True)
    split = serializers.CharField(allow_blank=True)
    family = serializers.CharField(allow_blank=True)
    is_retired = serializers.BooleanField()
    may_edit = serializers.BooleanField()
    lint = LintCountsOut(allow_null=True)
    draft = DraftStateOut(allow_null=True)
    in_review = serializers.IntegerField(allow_null=True, help_text="number of the revision")
    approved = ApprovedOut(allow_null=True)
    created_at = serializers.DateTimeField()
    content = serializers.DictField()
    hidden = serializers.ListField(child=serializers.CharField())


class TaskIn(Body):
    """A new task: from nothing or a template (title, world, category, template), as a copy of what
    you see of another one (duplicate_of), or whole (slug, content)."""

    slug = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    title = serializers.CharField(required=False, default="", allow_blank=True)
    world = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="SLUG@VERSION"
    )
    category = serializers.ChoiceField(CATEGORIES, required=False)
    template = serializers.ChoiceField(tuple(TEMPLATES), required=False)
    duplicate_of = serializers.CharField(required=False, max_length=200)
    content = serializers.DictField(required=False)


class TaskChangeIn(Body):
    """Who has it, who reviews it (null: anybody), and all of its tags; what is left out stays."""

    owner = serializers.CharField(required=False, max_length=LONGEST)
    reviewer = serializers.CharField(required=False, allow_null=True, max_length=LONGEST)
    tags = serializers.ListField(
        child=serializers.CharField(allow_blank=True), required=False, max_length=MOST_TAGS
    )


def with_row(tasks: Tasks) -> Tasks:
    """Read what a row of the list needs, and no content."""
    described: Tasks = tasks.select_related("owner", "reviewer").annotate(
        title=read_text("title"),
        category=read_text("category"),
        difficulty=read_text("difficulty"),
        tags=KeyTransform("tags", "read"),
        findings=F("draft__findings"),
        approved_number=F("approved_revision__number"),
        changed_at=tasks.query.annotations["changed"],
    )
    return described


def task_body(look: TaskLook) -> dict[str, Any]:
    """Give a task as TaskOut shows it."""
    task, draft = look.task, look.draft
    reviewer = task.reviewer.get_username() if draft and task.reviewer else None
    waiting = look.in_review if draft else None
    approved = task.revisions.filter(state=Revision.State.APPROVED).select_related("author")
    return {
        "slug": task.slug,
        "state": state_of(task, draft),
        "owner": task.owner.get_username(),
        "reviewer": reviewer,
        "split": task.split,
        "family": task.family,
        "is_retired": task.is_retired,
        "may_edit": look.may_edit,
        "lint": lint_counts(draft.findings) if draft else None,
        "draft": draft_state(draft) if draft else None,
        "in_review": waiting.number if waiting else None,
        "approved": _approved(approved.defer("content").first()),
        "created_at": task.created_at,
        "content": shown_content(look, look.content),
        "hidden": hidden_fields(look),
    }


def draft_state(draft: Draft) -> dict[str, Any]:
    """Give which state of a draft this is."""
    return {
        "version": draft.version,
        "hash": draft.value.hash,
        "is_ahead": draft.is_ahead,
        "updated_by": draft.updated_by.get_username(),
        "updated_at": draft.updated_at,
    }


def lint_counts(findings: dict[str, int] | None) -> dict[str, int] | None:
    """Give counts of the last save; None before the first."""
    if not findings:
        return None
    return {name: findings.get(name, 0) for name in ("errors", "warnings", "hints")}


def _approved(revision: Revision | None) -> dict[str, Any] | None:
    if revision is None:
        return None
    return {
        "number": revision.number,
        "hash": revision.hash,
        "author": revision.author.get_username(),
        "created_at": revision.created_at,
    }
