"""Runs, their rollouts, and what was decided about them. A verdict is a fact about an episode."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, FilteredRelation, Q, Value, When

from grading.criteria import Outcome as OutcomeValue
from grading.criteria import RubricContent
from simulation.models import Episode
from simulation.roles import INSPECTORS, has_role
from simulation.stops import MASKED

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class Rubric(models.Model):
    """The criteria that episodes were measured by; one row for equal ones, written once."""

    hash = models.CharField(primary_key=True, max_length=64)
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.hash[:12]

    @property
    def value(self) -> RubricContent:
        return RubricContent.model_validate(self.content)


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        if has_role(user, *INSPECTORS):
            return self
        return self.filter(owner_id=user.pk)


class Run(models.Model):
    """Rollouts that belong together: agents on tasks, so many times each."""

    class Kind(models.TextChoices):
        EVALUATION = "evaluation"
        TRAINING = "training"
        DRY_RUN = "dry_run"
        MUTANTS = "mutants"
        DEMO = "demo"

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.CharField(max_length=200, blank=True, help_text='"pack@version", or empty')
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="runs"
    )
    key = models.CharField(
        max_length=64, blank=True, help_text="launching twice with one key gives one run"
    )
    official_grading = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "key"], condition=~Q(key=""), name="run_key_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class RolloutQuerySet(models.QuerySet["Rollout"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        if has_role(user, *INSPECTORS):
            return self
        return self.filter(run__owner_id=user.pk)

    def with_outcome(self, grading: int) -> "models.QuerySet[Any]":
        """Annotate `outcome` (a RolloutOutcome) and `graded`, the assessment of that number."""
        stop, is_over = "episode__stop_reason", Q(episode__status__in=["ended", "cancelled"])
        return self.annotate(
            graded=FilteredRelation("assessments", condition=Q(assessments__number=grading)),
            outcome=Case(
                When(episode__status="cancelled", then=Value(RolloutOutcome.CANCELLED)),
                When(is_over & Q(**{f"{stop}__in": MASKED}), then=Value(RolloutOutcome.MASKED)),
                When(graded__passed=True, then=Value(RolloutOutcome.PASS)),
                When(graded__passed=False, then=Value(RolloutOutcome.FAIL)),
                When(graded__status="incomplete", then=Value(RolloutOutcome.INCOMPLETE)),
                default=F("episode__status"),
                output_field=models.CharField(),
            ),
        )


class RolloutOutcome(models.TextChoices):
    """Where a rollout stands: the state of its episode, once that has ended of its grading."""

    PASS = "pass"  # noqa: S105  no password
    FAIL = "fail"
    INCOMPLETE = "incomplete"
    MASKED = "masked"
    ENDED = "ended", "being graded"
    RUNNING = "running"
    PAUSED = "paused"
    QUEUED = "queued"
    PARKED = "parked"
    CANCELLED = "cancelled"


class Rollout(models.Model):
    """One attempt of one agent at one task, in a run."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="rollouts")
    subject = models.CharField(max_length=200, help_text="task-slug@revision")
    agent = models.CharField(max_length=200, help_text="name of the agent")
    index = models.PositiveIntegerField(help_text="counts the repeats from 1")
    group = models.CharField(max_length=200, blank=True, help_text="rollouts that compete")
    labels = models.JSONField(default=dict, help_text="category, difficulty, tags, family, split")
    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="rollout")

    objects = RolloutQuerySet.as_manager()

    class Meta:
        ordering = ["subject", "agent", "index"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "subject", "agent", "index"], name="rollout_index_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.agent} #{self.index}"

    @property
    def task(self) -> str:
        return self.subject.partition("@")[0]


class ReplacedEpisode(models.Model):
    """An episode that ended for a reason of ours and was tried again; the link to it stays."""

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="replaced")
    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.episode} of {self.rollout}"


class Assessment(models.Model):
    """One grading of one rollout by one rubric.

    No reward without complete grading, never a zero instead.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        GRADED = "graded"
        INCOMPLETE = "incomplete"

    class RewardSource(models.TextChoices):
        CHECK = "check"
        JUDGE = "judge"
        HUMAN = "human"

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="assessments")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveSmallIntegerField(default=1, help_text="grading number")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    reward = models.FloatField(null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)
    reward_source = models.CharField(max_length=5, choices=RewardSource.choices, blank=True)
    graded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rollout", "number"], name="assessment_number_once"),
            models.CheckConstraint(
                condition=Q(status="graded", reward__isnull=False, passed__isnull=False)
                | (~Q(status="graded") & Q(reward__isnull=True, passed__isnull=True)),
                name="assessment_reward_iff_graded",
            ),
            models.CheckConstraint(
                condition=Q(reward__isnull=True) | Q(reward__gte=0, reward__lte=1),
                name="assessment_reward_is_share",
            ),
            models.CheckConstraint(
                condition=Q(status="open", graded_at__isnull=True)
                | (~Q(status="open") & Q(graded_at__isnull=False)),
                name="assessment_graded_at_iff_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["status"], condition=Q(status="open"), name="assessment_open")
        ]

    def __str__(self) -> str:
        return f"grading {self.number} of {self.rollout}"


class Verdict(models.Model):
    """What was decided about one criterion, by whom and why; written once."""

    class Outcome(models.TextChoices):
        MET = OutcomeValue.MET.value
        NOT_MET = OutcomeValue.NOT_MET.value
        CANNOT_TELL = OutcomeValue.CANNOT_TELL.value
        GRADER_ERROR = OutcomeValue.GRADER_ERROR.value

    class Source(models.TextChoices):
        CHECK = "check"
        JUDGE = "judge"
        HUMAN = "human"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="verdicts")
    criterion_key = models.CharField(max_length=80)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    source = models.CharField(max_length=5, choices=Source.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="verdicts",
    )
    rationale = models.TextField(blank=True)
    evidence = models.JSONField(default=list, blank=True, help_text="[{step, quote}]")
    votes = models.JSONField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    is_authoritative = models.BooleanField(default=False)
    grader_fingerprint = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion_key", "source", "round"],
                condition=~Q(source="human"),
                name="verdict_once_a_round",
            ),
            models.CheckConstraint(
                condition=Q(source="human", author__isnull=False)
                | (~Q(source="human") & Q(author__isnull=True)),
                name="verdict_author_iff_human",
            ),
            models.CheckConstraint(
                condition=~Q(source="human") | ~Q(outcome="grader_error"),
                name="verdict_people_make_no_grader_error",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_key}: {self.outcome}"
