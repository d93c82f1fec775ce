"""What was tried of tasks before agents meet them: mutants and dry runs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from authoring.models.tasks import Revision, Task
from grading.models import Judge, Run


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


class DryRun(models.Model):
    """A revision tried by its own reference, the trivial agents and its near-misses."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="dry_runs")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="dry_runs")
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="+")
    mutants = models.ForeignKey(
        MutationReport, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"dry run of {self.revision}"
