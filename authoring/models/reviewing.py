"""What people say of tasks in review, and what they are told of."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from authoring.models.tasks import Revision, Task
from authoring.splits import HELD_OUT
from simulation.roles import sees_held_out

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


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


class Comment(models.Model):
    """What a person says of a place of a task; replies have a parent, threads are resolved.

    place: prompt, setup, reference, rubric, customer or task, or inside one: "criterion/KEY",
    "setup/N", "reference/N" with N from 1.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="comments")
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        help_text="the newest when it was written",
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    place = models.CharField(max_length=120)
    body = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(resolved_at__isnull=True),
                name="comment_only_threads_are_resolved",
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.place} of {self.task}"


class Tick(models.Model):
    """A reviewer has looked at a criterion and found it right, as it was at this hash."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="ticks")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    criterion = models.CharField(max_length=80, help_text="its key")
    hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "reviewer", "criterion"], name="tick_once_a_reviewer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion} of {self.task}"


class ChecklistAnswer(models.Model):
    """What a reviewer says of a question that no machine can answer, for one revision."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="checklist")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    question = models.SlugField(max_length=40)
    is_fine = models.BooleanField()
    note = models.TextField(blank=True)
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "reviewer", "question"], name="checklist_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} of {self.revision}"


class Reveal(models.Model):
    """A reviewer has looked at the reference of a revision; `calls` they had made before."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="reveals")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    calls = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "reviewer"], name="reveal_once")]

    def __str__(self) -> str:
        return f"the reference of {self.revision}"


class KeptFinding(models.Model):
    """A finding of lint that stays as it is, and why; it falls when what was found changes."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="kept_findings")
    rule = models.CharField(max_length=10)
    place = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    reason = models.TextField()
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "fingerprint"], name="finding_kept_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="finding_kept_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} at {self.place} of {self.task}"


class InboxItemQuerySet(models.QuerySet["InboxItem"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Give a person their own, but for news of tasks that are held out from them by now."""
        return self.shown_to(user).filter(person_id=user.pk)

    def shown_to(self, user: "User | AnonymousUser") -> Self:
        return self if sees_held_out(user) else self.exclude(task__split=HELD_OUT)


class InboxItem(models.Model):
    """Something that a person is told of, until they have read it."""

    class Event(models.TextChoices):
        REVIEW_REQUESTED = "review_requested", "asks for your review"
        CHANGES_REQUESTED = "changes_requested", "asks for changes"
        APPROVED = "approved", "approved"
        WITHDRAWN = "withdrawn", "took back"
        COMMENTED = "commented", "commented on"
        ASSIGNED = "assigned", "made you reviewer of"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inbox"
    )
    event = models.CharField(max_length=20, choices=Event.choices)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    path = models.CharField(max_length=500, help_text="where to go")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = InboxItemQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="inbox_unread")
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.task}"
