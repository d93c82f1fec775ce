"""What people say about rollouts besides verdicts: why it failed, and what is wrong with a task."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from grading.models.runs import Rollout
from simulation.models import not_held_out
from simulation.roles import INSPECTORS, has_role, sees_held_out

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class FailureLevel(models.IntegerChoices):
    """What an agent must be able to do, each level resting on those before it."""

    TOOL_USE = 1, "tool use"
    PLANNING = 2, "planning"
    ADAPTABILITY = 3, "adaptability"
    GROUNDEDNESS = 4, "groundedness"
    COMMON_SENSE = 5, "common sense"


class FailureKind(models.TextChoices):
    WRONG_ARGUMENT = "wrong_argument", "wrong argument"
    POOR_SEARCH = "poor_search", "poor search"
    FULL_PAGE_AS_ALL = "full_page_as_all", "full page taken as all"
    TOOL_NEVER_TRIED = "tool_never_tried", "tool never tried"
    REPEATED_LOOP = "repeated_loop", "repeated loop"
    INVENTED_FACT = "invented_fact", "invented fact"
    WRONG_ORDER = "wrong_order", "wrong order"
    POLICY_MISSED = "policy_missed", "policy missed"
    PERSONAL_DATA_EXPOSED = "personal_data_exposed", "personal data exposed"
    PREMATURE_END = "premature_end", "premature end"
    OTHER = "other", "other"


class FailureNoteQuerySet(models.QuerySet["FailureNote"]):
    def current(self) -> Self:
        """Keep the last word of each person on each rollout, but for those taken back."""
        newest = FailureNote.objects.filter(
            rollout=OuterRef("rollout"), author=OuterRef("author")
        ).order_by("-pk")
        return self.filter(pk=Subquery(newest.values("pk")[:1]), is_withdrawn=False)


class FailureNote(models.Model):
    """What one person thinks went wrong in a failed episode, written once.

    A later note of the same person on the same rollout replaces it; one with `is_withdrawn` takes
    it back.
    """

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="failure_notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="failure_notes"
    )
    level = models.PositiveSmallIntegerField(choices=FailureLevel.choices, null=True, blank=True)
    kind = models.CharField(max_length=24, choices=FailureKind.choices, blank=True)
    first_step = models.PositiveIntegerField(
        null=True, blank=True, help_text="index of the step where it went wrong"
    )
    text = models.TextField(blank=True)
    is_withdrawn = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FailureNoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["rollout", "author", "-id"], name="failure_note_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_withdrawn=True)
                | (Q(level__isnull=False, level__gte=1, level__lte=5) & ~Q(kind="")),
                name="failure_note_says_level_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"failure note of {self.author} on {self.rollout}"


class TaskReportQuerySet(models.QuerySet["TaskReport"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        seen = self if sees_held_out(user) else self.filter(not_held_out("rollout__episode"))
        if has_role(user, *INSPECTORS):
            return seen
        involved = Q(rollout__run__owner_id=user.pk) | Q(reporter_id=user.pk) | Q(owner_id=user.pk)
        return seen.filter(involved)


class TaskReport(models.Model):
    """Somebody says that not the agent is wrong but the task, its rubric, or one of us."""

    class Fault(models.TextChoices):
        TASK = "task"
        RUBRIC = "rubric"
        JUDGE = "judge"
        CUSTOMER = "customer", "simulated customer"
        INFRASTRUCTURE = "infrastructure"

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        FIXED = "fixed"

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="task_reports")
    task = models.CharField(max_length=80, help_text="slug, so that a task's reports are found")
    criterion_key = models.CharField(max_length=80, blank=True, help_text="of one criterion")
    fault = models.CharField(max_length=14, choices=Fault.choices)
    text = models.TextField()
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="task_reports"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_task_reports",
        help_text="who deals with it",
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    fixed_in = models.PositiveIntegerField(null=True, blank=True, help_text="revision number")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TaskReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["task", "state"], name="task_report_of_task")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="task_report_has_text"),
            models.CheckConstraint(
                condition=Q(state="fixed", fixed_in__isnull=False)
                | (~Q(state="fixed") & Q(fixed_in__isnull=True)),
                name="task_report_fixed_in_iff_fixed",
            ),
        ]

    def __str__(self) -> str:
        return f"report on {self.task}: {self.fault}"


class TaskReportEvent(models.Model):
    """One move of a report, or a comment on it; the trail of who decided what."""

    report = models.ForeignKey(TaskReport, on_delete=models.PROTECT, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=20)
    comment = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.report}"
