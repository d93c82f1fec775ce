"""What was decided about rollouts. A verdict is a fact about an episode, and never changes."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, StrIndex

from grading.criteria import Outcome as OutcomeValue
from grading.criteria import RubricContent
from grading.models.judges import Judge
from grading.models.labels import LabelImport
from grading.models.runs import Rollout, Run
from simulation.models import not_held_out
from simulation.roles import ADMIN, INSPECTORS, REVIEWER, has_role, sees_held_out
from simulation.stops import MASKED

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


READERS_OF_DRAFTS = (REVIEWER, ADMIN)
UNNAMED = "names a held-out task"  # instead of words that do


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


class GradingQuerySet(models.QuerySet["Grading"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """A trial says what a draft says: only who asked for it and readers of drafts see it."""
        if has_role(user, *READERS_OF_DRAFTS):
            return self.shown_to(user)
        seen = self.filter(~Q(purpose=Grading.Purpose.TRIAL) | Q(asked_by_id=user.pk))
        own = seen if has_role(user, *INSPECTORS) else seen.filter(run__owner_id=user.pk)
        return own.shown_to(user)

    def shown_to(self, user: "User | AnonymousUser") -> Self:
        """Leave out what is of held-out tasks alone, for those who do not see these.

        Of others they do not read the words that name one.
        """
        if sees_held_out(user):
            return self.annotate(names_held_out=Value(False))
        assessments = Assessment.objects.filter(grading=OuterRef("pk"))
        has_some = Exists(assessments.filter(not_held_out("rollout__episode")))
        shown = self.filter(has_some | ~Exists(assessments))
        return shown.annotate(names_held_out=Exists(_named_in_words()))

    def with_progress(self, *, with_held_out: bool = True) -> Self:
        """Annotate how many assessments there are (`total`) and how many wait (`waiting`).

        What ended for a reason of ours, or was cancelled, waits for nothing.
        """
        counts = Q() if with_held_out else Q(assessments__rollout__episode__is_held_out=False)
        is_open = Q(assessments__status=Assessment.Status.OPEN)
        masked = Q(assessments__rollout__episode__stop_reason__in=list(MASKED))
        waiting = Count("assessments", filter=counts & is_open & ~masked)
        return self.annotate(total=Count("assessments", filter=counts), waiting=waiting)


def _named_in_words() -> models.QuerySet[Rollout]:
    """Find the held-out rollouts of a grading's run whose task its words name."""
    space = Value(" ")
    scope = Cast(OuterRef("scope"), models.TextField())
    text = models.TextField()
    words = Concat(OuterRef("rubrics"), space, OuterRef("reason"), space, scope, output_field=text)
    slug = Func(
        F("subject"), Value("@"), Value(1), function="split_part", output_field=models.TextField()
    )
    held_out = Rollout.objects.filter(run=OuterRef("run"), episode__is_held_out=True)
    return held_out.alias(place=StrIndex(words, slug)).filter(place__gt=0)


class Grading(models.Model):
    """One measuring of a run's rollouts, under a number of its own. Two are never mixed."""

    class Purpose(models.TextChoices):
        FIRST = "first", "first grading"
        REGRADE = "regrade", "re-grading"
        TRIAL = "trial", "trial of a draft"
        REPEAT = "repeat", "repeated grading"

    COUNTING = (Purpose.FIRST, Purpose.REGRADE)  # the others count in no number
    names_held_out = True  # to whoever looks; `visible_to` says so for each that it gives

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="gradings")
    number = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=7, choices=Purpose.choices, default=Purpose.FIRST)
    rubrics = models.CharField(
        max_length=200, blank=True, help_text="where the rubrics are from, in words"
    )
    reason = models.TextField(blank=True, help_text="why it was asked for")
    scope = models.JSONField(default=dict, blank=True, help_text="filter that chose the rollouts")
    key = models.CharField(
        max_length=64, blank=True, help_text="asking twice with one key gives one grading"
    )
    judge = models.ForeignKey(
        Judge,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="gradings",
        help_text="decides the criteria of its kind; without one they stay open",
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="gradings"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = GradingQuerySet.as_manager()

    class Meta:
        ordering = ["run_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="grading_number_once"),
            models.UniqueConstraint(fields=["id", "run"], name="grading_of_run"),
            models.UniqueConstraint(
                fields=["run", "key"], condition=~Q(key=""), name="grading_key_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="grading_number_from_1"),
        ]

    def __str__(self) -> str:
        return f"grading {self.number} of {self.run}"

    @property
    def shown_rubrics(self) -> str:
        """Say where its rubrics are from, as far as whoever looks at it may know."""
        return UNNAMED if self.names_held_out else self.rubrics

    @property
    def shown_reason(self) -> str:
        return UNNAMED if self.names_held_out else self.reason

    @property
    def shown_scope(self) -> dict[str, Any]:
        """Give the scope without the names that its filter asks for."""
        return {**self.scope, "filter": {}} if self.names_held_out else self.scope

    @property
    def counts(self) -> bool:
        """Tell whether it may become the official one."""
        return self.purpose in self.COUNTING


class OfficialSwitch(models.Model):
    """A run's numbers were taken from another grading: when, by whom and why."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="switches")
    before = models.ForeignKey(Grading, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Grading, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="switch_has_reason"),
            models.CheckConstraint(condition=~Q(before=models.F("after")), name="switch_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.run}: grading {self.before_id} → {self.after_id}"


class Assessment(models.Model):
    """One grading of one rollout by one rubric.

    No reward without complete grading, never a zero instead.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        GRADED = "graded"
        INCOMPLETE = "incomplete"
        CANCELLED = "cancelled"

    class RewardSource(models.TextChoices):
        CHECK = "check"
        JUDGE = "judge"
        HUMAN = "human"

    rollout = models.ForeignKey(  # found by assessment_once_a_grading
        Rollout, on_delete=models.PROTECT, related_name="assessments", db_index=False
    )
    rubric = models.ForeignKey(
        Rubric, on_delete=models.PROTECT, related_name="assessments", db_index=False
    )
    grading = models.ForeignKey(  # found by assessment_graded
        Grading, on_delete=models.PROTECT, related_name="assessments", db_index=False
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    reward = models.FloatField(null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)
    reward_source = models.CharField(max_length=5, choices=RewardSource.choices, blank=True)
    round = models.PositiveSmallIntegerField(
        default=1, help_text="counts the attempts to decide what a grader left open"
    )
    claimed_until = models.DateTimeField(
        null=True, blank=True, help_text="until then one worker decides it, so a judge is paid once"
    )
    graded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rollout", "grading"], name="assessment_once_a_grading"
            ),
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
                condition=Q(status__in=["open", "cancelled"], graded_at__isnull=True)
                | Q(status__in=["graded", "incomplete"], graded_at__isnull=False),
                name="assessment_graded_at_iff_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["rubric"], name="assessment_of_rubric"),
            models.Index(fields=["grading", "graded_at"], name="assessment_graded"),
            models.Index(fields=["status"], condition=Q(status="open"), name="assessment_open"),
            models.Index(
                fields=["grading"], condition=Q(status="incomplete"), name="assessment_incomplete"
            ),
        ]

    def __str__(self) -> str:
        return f"assessment of {self.rollout} in grading {self.grading_id}"


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
        db_index=False,
    )
    rationale = models.TextField(blank=True)
    evidence = models.JSONField(default=list, blank=True, help_text="[{step, quote}]")
    votes = models.JSONField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    is_authoritative = models.BooleanField(
        default=False, help_text="a person's last word: it counts before all machines"
    )
    was_blind = models.BooleanField(
        default=False, help_text="given before its author saw what others and machines had said"
    )
    copy_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        db_index=False,
        help_text="carried from another grading, or a judge's verdict used again",
    )
    imported = models.ForeignKey(
        LabelImport,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="verdicts",
        db_index=False,
        help_text="the file that it came in with",
    )
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
            models.CheckConstraint(
                condition=Q(source="human") | Q(is_authoritative=False),
                name="verdict_only_people_are_authoritative",
            ),
            models.CheckConstraint(
                condition=Q(source="human") | Q(was_blind=False),
                name="verdict_only_people_are_blind",
            ),
        ]

        indexes = [
            # nearly all verdicts are of machines and hold none of these
            models.Index(
                fields=["author"], condition=Q(author__isnull=False), name="verdict_author"
            ),
            models.Index(
                fields=["copy_of"], condition=Q(copy_of__isnull=False), name="verdict_copy_of"
            ),
            models.Index(
                fields=["imported"], condition=Q(imported__isnull=False), name="verdict_imported"
            ),
            models.Index(
                fields=["grader_fingerprint"], condition=Q(source="judge"), name="verdict_of_judge"
            ),
            models.Index(
                fields=["author", "-created_at"],
                condition=Q(source="human"),
                name="verdict_of_person",
            ),
            models.Index(
                fields=["assessment", "criterion_key"],
                condition=Q(source="human"),
                name="verdict_of_people",
            ),
            models.Index(
                fields=["assessment"],
                condition=Q(outcome="cannot_tell"),
                name="verdict_cannot_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_key}: {self.outcome}"


class Withdrawal(models.Model):
    """A person took a verdict back. The verdict stays; from then on it does not count."""

    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT, related_name="withdrawal")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="withdrawals"
    )
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.verdict} withdrawn by {self.author}"
