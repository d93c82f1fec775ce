"""Tasks, their drafts and revisions, the review of them, and personal API tokens."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from authoring.content import TaskContent
from grading.models import Judge

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


class MutationReport(models.Model):
    """How many mutants of a task's reference a rubric fails; final once it is over.

    It measured a revision, or a draft as it was when it was started (`revision` is empty then).
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        ENDED = "ended"
        FAILED = "failed"
        CANCELLED = "cancelled"

    LIVE = (Status.QUEUED, Status.RUNNING)

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="mutation_reports")
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mutation_reports",
    )
    content_hash = models.CharField(max_length=64)
    rubric_hash = models.CharField(max_length=64)
    world = models.CharField(max_length=100, help_text="SLUG@VERSION")
    judge = models.ForeignKey(
        Judge,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mutation_reports",
        help_text="decides the criteria of its kind; without one they stay open",
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    score = models.FloatField(null=True, blank=True, help_text="as it was when the report ended")
    counts = models.JSONField(default=dict)
    results = models.JSONField(default=list)
    problem = models.TextField(blank=True, help_text="why it failed")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(default=timezone.now, help_text="last sign of its worker")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "content_hash"],
                condition=Q(status__in=["queued", "running"]),
                name="mutation_report_live_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running"], ended_at__isnull=True)
                | (~Q(status__in=["queued", "running"]) & Q(ended_at__isnull=False)),
                name="mutation_report_ended_at_iff_over",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1),
                name="mutation_report_score_is_share",
            ),
        ]

    def __str__(self) -> str:
        return f"mutants of {self.revision or f'the draft of {self.task}'}"

    @property
    def is_live(self) -> bool:
        return self.status in self.LIVE


class EquivalentMutant(models.Model):
    """What a person says of a mutant: it is right too, or (`is_equivalent` no more) it is not.

    The latest word on a hash counts; the hash is that of world and mutated solution, so a mutant
    that changes has to be looked at again.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="equivalent_mutants")
    mutant_id = models.CharField(max_length=100)
    hash = models.CharField(max_length=64)
    world = models.CharField(max_length=100, help_text="SLUG@VERSION")
    is_equivalent = models.BooleanField(default=True)
    reason = models.TextField(blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_equivalent=False) | ~Q(reason=""),
                name="equivalent_mutant_has_a_reason",
            )
        ]
        indexes = [models.Index(fields=["task", "hash"], name="equivalent_mutant_by_hash")]

    def __str__(self) -> str:
        word = "equivalent" if self.is_equivalent else "no more equivalent"
        return f"{self.mutant_id} is {word}"


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
