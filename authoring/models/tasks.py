"""Tasks, their drafts and revisions."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from authoring.content import DraftContent, TaskContent, read_content
from authoring.splits import HELD_OUT, SPLITS
from simulation.roles import ADMIN, REVIEWER, has_role, sees_held_out

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Approved tasks are everybody's; drafts belong to their author, reviewers and admins.

        Held-out ones are for those who see these alone: not even for their author.
        """
        if not user.is_authenticated:
            return self.none()
        seen = self if sees_held_out(user) else self.exclude(split=HELD_OUT)
        if has_role(user, REVIEWER, ADMIN):
            return seen
        approved = Revision.objects.filter(state=Revision.State.APPROVED).values("task")
        return seen.filter(Q(owner_id=user.pk) | Q(pk__in=approved))

    def approved(self) -> Self:
        """Give those of which a revision is approved: they can be run."""
        approved = Revision.objects.filter(state=Revision.State.APPROVED)
        return self.filter(Exists(approved.filter(task=OuterRef("pk"))))


class Task(models.Model):
    """Something that an agent is asked to do, under one name for life."""

    slug = models.SlugField(max_length=80, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tasks"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks_to_review",
        help_text="who is asked to review it; anybody with the role may",
    )
    family = models.SlugField(max_length=80, blank=True)
    split = models.SlugField(max_length=20, blank=True, help_text="given once, with the first pack")
    is_retired = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(split="") | Q(split__in=SPLITS), name="task_split_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def approved(self) -> "Revision | None":
        return self.revisions.filter(state=Revision.State.APPROVED).first()


class Draft(models.Model):
    """The one mutable copy of a task's content; every save counts the version up.

    `is_ahead`: no revision says the same yet. `findings` counts what lint found at the last save,
    {"errors", "warnings", "hints"}; empty before the first.
    """

    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="draft")
    content = models.JSONField()
    hash = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_ahead = models.BooleanField(default=False)
    findings = models.JSONField(default=dict, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["updated_at"], condition=Q(is_ahead=True), name="draft_ahead_by_age"
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.task}, version {self.version}"

    @property
    def value(self) -> DraftContent:
        return DraftContent.model_validate(self.content)


class Revision(models.Model):
    """A task's content as it was cut from the draft; only its place in review still moves."""

    class State(models.TextChoices):
        SAVED = "saved"
        IN_REVIEW = "in_review"
        CHANGES_REQUESTED = "changes_requested"
        APPROVED = "approved"
        SUPERSEDED = "superseded"
        WITHDRAWN = "withdrawn"

    class Cause(models.TextChoices):
        """Why it was cut from the draft."""

        LOADED = "loaded", "loaded from files"
        SESSION = "session", "end of an editing session"
        DRY_RUN = "dry_run", "dry run"
        SUBMIT = "submit", "submitted for review"
        NAMED = "named", "named by its author"
        RESTORED = "restored", "before another revision was restored"
        IMPORTED = "imported", "imported with a pack"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    content = models.JSONField()
    hash = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revisions"
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.SAVED)
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.LOADED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["task_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["id", "task"], name="revision_of_task"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(state="approved"), name="revision_approved_once"
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(state="in_review"), name="revision_in_review_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task.slug}@{self.number}"

    @property
    def value(self) -> TaskContent:
        """Give the content. Raises Problems where an unfinished draft was cut."""
        return read_content(self.content)

    @property
    def draft_value(self) -> DraftContent:
        """Give the content, finished or not."""
        return DraftContent.model_validate(self.content)


class Visitor(models.Model):
    """Who has a task open in the editor, and when they were last heard of."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="visitors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "person"], name="visitor_once")]

    def __str__(self) -> str:
        return f"{self.person} at {self.task}"
