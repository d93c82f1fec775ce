"""Tasks, their drafts and revisions, the review of them, and personal API tokens."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from authoring.content import TaskContent

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

from simulation.roles import ADMIN, REVIEWER, has_role


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Approved tasks are everybody's; drafts belong to their author, reviewers and admins."""
        if not user.is_authenticated:
            return self.none()
        if has_role(user, REVIEWER, ADMIN):
            return self
        approved = Revision.objects.filter(state=Revision.State.APPROVED).values("task")
        return self.filter(Q(owner_id=user.pk) | Q(pk__in=approved))


class Task(models.Model):
    """Something that an agent is asked to do, under one name for life."""

    slug = models.SlugField(max_length=80, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tasks"
    )
    family = models.SlugField(max_length=80, blank=True)
    split = models.SlugField(max_length=20, blank=True, help_text="given once, with the first pack")
    is_retired = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    @property
    def approved(self) -> "Revision | None":
        return self.revisions.filter(state=Revision.State.APPROVED).first()


class Draft(models.Model):
    """The one mutable copy of a task's content; every save counts the version up."""

    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="draft")
    content = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"draft of {self.task}, version {self.version}"


class Revision(models.Model):
    """A task's content as it was cut from the draft; only its place in review still moves."""

    class State(models.TextChoices):
        SAVED = "saved"
        IN_REVIEW = "in_review"
        CHANGES_REQUESTED = "changes_requested"
        APPROVED = "approved"
        SUPERSEDED = "superseded"
        WITHDRAWN = "withdrawn"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    content = models.JSONField()
    hash = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revisions"
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.SAVED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["task_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="revision_number_once"),
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
        return TaskContent.model_validate(self.content)


class ReviewEvent(models.Model):
    """One move of one revision; the audit trail of review."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="events")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_events"
    )
    action = models.CharField(max_length=20)
    comment = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.revision}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self) -> Self:
        now = timezone.now()
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), is_revoked=False)


class ApiToken(models.Model):
    """A person's key to the API; only its hash is stored."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100)
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    is_revoked = models.BooleanField(default=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="token_name_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"
