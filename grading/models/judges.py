"""Judges: models that decide criteria, how they are asked, and every call that was made."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from grading.judge_settings import JudgeSettings
from simulation.models import ModelEndpoint, not_held_out
from simulation.models.endpoints import NAME
from simulation.roles import INSPECTORS, has_role, sees_held_out

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

PERSON = settings.AUTH_USER_MODEL  # a judge has settings of its own


class JudgeQuerySet(models.QuerySet["Judge"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self if has_role(user, *INSPECTORS) else self.none()

    def in_use(self) -> Self:
        return self.filter(is_retired=False)


class Judge(models.Model):
    """One version of a named way to ask a model; it never changes, a new one is a new version."""

    name = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    endpoint = models.ForeignKey(ModelEndpoint, on_delete=models.PROTECT, related_name="judges")
    model = models.CharField(max_length=200, help_text="as the endpoint calls it")
    settings = models.JSONField(default=dict)
    prompt = models.PositiveSmallIntegerField(help_text="version of the words it is asked with")
    note = models.TextField(blank=True, help_text="what this version is for")
    hash = models.CharField(max_length=64, help_text="of all that decides its verdicts")
    is_retired = models.BooleanField(default=False, help_text="not offered for new runs")
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="judges")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = JudgeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="judge_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="judge_version_from_1"),
            models.CheckConstraint(condition=Q(name__regex=NAME), name="judge_name_is_a_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def value(self) -> JudgeSettings:
        return JudgeSettings.model_validate(self.settings)


class JudgeCallQuerySet(models.QuerySet["JudgeCall"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.shown_to(user) if has_role(user, *INSPECTORS) else self.none()

    def shown_to(self, user: "User | AnonymousUser") -> Self:
        """Leave out calls about what is held out, and about what is in no run: it may be."""
        if sees_held_out(user):
            return self
        shown = self.filter(assessment__isnull=False)
        return shown.filter(not_held_out("assessment__rollout__episode"))


class JudgeCall(models.Model):
    """One question to a judge and what came of it; it was paid, whatever became of its verdicts.

    assessment: null where something else than an episode of a run was judged.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="calls")
    assessment = models.ForeignKey(
        "grading.Assessment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="judge_calls",
    )
    round = models.PositiveSmallIntegerField(default=1)
    criteria = models.JSONField(default=list, help_text="keys of those that were asked for")
    vote = models.PositiveSmallIntegerField(default=1)
    repair = models.PositiveSmallIntegerField(
        default=0, help_text="0 is the question, 1 the request to mend the answer"
    )
    request_hash = models.CharField(max_length=64)
    response = models.TextField(blank=True, help_text="what the judge wrote, shortened")
    finish_reason = models.CharField(max_length=300, blank=True)
    failure = models.TextField(blank=True, help_text="why there is no answer at all")
    problems = models.JSONField(default=list, blank=True, help_text="what is wrong with the answer")
    attempts = models.JSONField(default=list, blank=True)
    model = models.CharField(max_length=300, blank=True, help_text="as the server names it")
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    cached_tokens = models.PositiveIntegerField(default=0)
    reasoning_tokens = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=6, default=0, help_text="USD")
    duration_ms = models.FloatField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = JudgeCallQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["judge", "-created_at"], name="judge_call_of_judge")]

    def __str__(self) -> str:
        return f"{self.judge_id}: {', '.join(self.criteria)}"
