"""Runs and their rollouts: agents on tasks, so many times each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, Value, When

from simulation.models import Episode, Lane, not_held_out
from simulation.roles import INSPECTORS, has_role, sees_held_out
from simulation.stops import MASKED

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Give a person their own, inspectors all."""
        seen = self if has_role(user, *INSPECTORS) else self.filter(owner_id=user.pk)
        return seen.shown_to(user)

    def shown_to(self, user: "User | AnonymousUser") -> Self:
        """Let runs know what they hide of themselves from a person.

        One that has nothing to show but what is held out is not there.
        """
        if sees_held_out(user):
            return self.annotate(hides_held_out=Value(False))
        rollouts = Rollout.objects.filter(run=OuterRef("pk"))
        has_some = Exists(rollouts.not_held_out()) | ~Exists(rollouts)
        return self.filter(has_some).annotate(hides_held_out=Value(True))


class Run(models.Model):
    """Rollouts that belong together: agents on tasks, so many times each."""

    class Kind(models.TextChoices):
        EVALUATION = "evaluation"
        TRAINING = "training"
        DRY_RUN = "dry_run"
        MUTANTS = "mutants"
        DEMO = "demo"

    COUNTING = (Kind.EVALUATION, Kind.DEMO)  # kinds whose numbers count across runs
    hides_held_out = True  # from whoever looks; `visible_to` says so for each run that it gives

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.CharField(max_length=200, blank=True, help_text='"pack@version", or empty')
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="runs"
    )
    key = models.CharField(
        max_length=64, blank=True, help_text="launching twice with one key gives one run"
    )
    official = models.ForeignKey(
        "grading.Grading",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="the grading whose numbers count; null only while the run is being made",
    )
    lane = models.OneToOneField(
        Lane, on_delete=models.PROTECT, null=True, editable=False, related_name="run"
    )
    request = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="what the launcher was asked for"
    )
    seed = models.PositiveBigIntegerField(default=0, db_default=0)
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
        seen = self if has_role(user, *INSPECTORS) else self.filter(run__owner_id=user.pk)
        return seen if sees_held_out(user) else seen.not_held_out()

    def not_held_out(self) -> Self:
        return self.filter(not_held_out("episode"))

    def shown_in(self, *runs: Run) -> Self:
        """Keep what these runs show of themselves to whoever looks at them."""
        of_these = self.filter(run__in=[run.pk for run in runs])
        return of_these.filter(*shown_by(runs, "episode"))

    def gradable(self) -> Self:
        """Keep those whose episode has ended, for a reason that the agent answers for."""
        ended = self.filter(episode__status=Episode.Status.ENDED)
        return ended.exclude(episode__stop_reason__in=list(MASKED))

    def still_gradable(self) -> Self:
        """Keep the gradable ones whose transcript is still there."""
        return self.gradable().filter(episode__forgotten_at=None)

    def unfinished(self) -> Self:
        """Keep those whose episode may still end."""
        return self.filter(episode__ended_at__isnull=True)

    def with_outcome(self, *gradings: int | None) -> "models.QuerySet[Any]":
        """Annotate `outcome` (a RolloutOutcome) and `graded`, its assessment in that grading.

        gradings: primary keys, such as `run.official_id`; one for each run that there is.
        """
        chosen = Q(assessments__grading__in=gradings)
        return self.annotate(
            graded=FilteredRelation("assessments", condition=chosen),
            outcome=outcome_by("graded__passed", "graded__status"),
        )


def outcome_by(passed: str, status: str) -> Case:
    """Tell where rollouts stand, by the names of what their assessment says."""
    stop, is_over = "episode__stop_reason", Q(episode__status__in=["ended", "cancelled"])
    return Case(
        When(episode__status="cancelled", then=Value(RolloutOutcome.CANCELLED)),
        When(is_over & Q(**{f"{stop}__in": MASKED}), then=Value(RolloutOutcome.MASKED)),
        When(**{passed: True}, then=Value(RolloutOutcome.PASS)),
        When(**{passed: False}, then=Value(RolloutOutcome.FAIL)),
        When(**{status: "incomplete"}, then=Value(RolloutOutcome.INCOMPLETE)),
        default=F("episode__status"),
        output_field=models.CharField(),
    )


def settled_by(graded_at: Any) -> Case:
    """Tell when rollouts settled: graded, or ended for a reason that gives no grade; else null."""
    masked = When(episode__stop_reason__in=MASKED, then=F("episode__ended_at"))
    return Case(masked, default=graded_at, output_field=models.DateTimeField())


def shown_by(runs: Sequence[Run], episode: str) -> list[Q]:
    """Give the conditions, none or one, of what these runs show to whoever looks at them.

    episode: leads from a row to its episode.
    """
    return [not_held_out(episode)] if any(run.hides_held_out for run in runs) else []


def shown_to(user: "User | AnonymousUser", episode: str) -> list[Q]:
    """Give the conditions, none or one, of what a person sees of what they may look at."""
    return [] if sees_held_out(user) else [not_held_out(episode)]


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


LIVE = (RolloutOutcome.QUEUED, RolloutOutcome.RUNNING, RolloutOutcome.PAUSED, RolloutOutcome.ENDED)


class Rollout(models.Model):
    """One attempt of one agent at one task, in a run."""

    run = models.ForeignKey(  # found by rollout_index_once
        Run, on_delete=models.PROTECT, related_name="rollouts", db_index=False
    )
    subject = models.CharField(max_length=200, help_text="task-slug@revision")
    agent = models.CharField(max_length=200, help_text="name of the agent")
    index = models.PositiveIntegerField(help_text="counts the repeats from 1")
    group = models.CharField(max_length=200, blank=True, help_text="rollouts that compete")
    labels = models.JSONField(default=dict, help_text="category, difficulty, tags, family, split")
    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="rollout")

    objects = RolloutQuerySet.as_manager()

    class Meta:
        ordering = ["subject", "agent", "index"]
        indexes = [models.Index(fields=["subject"], name="rollout_of_subject")]
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
