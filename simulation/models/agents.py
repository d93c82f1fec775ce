"""Agents that models play: named, versioned, frozen."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from simulation.agent_settings import AgentSettings, Limits
from simulation.models.endpoints import NAME, ModelEndpoint
from simulation.roles import ROLES, has_role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


PERSON = settings.AUTH_USER_MODEL


class AgentConfigurationQuerySet(models.QuerySet["AgentConfiguration"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self if has_role(user, *ROLES) else self.none()

    def in_use(self) -> Self:
        return self.filter(is_retired=False, endpoint__is_active=True)


class AgentConfiguration(models.Model):
    """One version of a named agent that a model plays; it never changes, a change is a version."""

    name = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    endpoint = models.ForeignKey(ModelEndpoint, on_delete=models.PROTECT, related_name="agents")
    model = models.CharField(max_length=200, help_text="as the endpoint calls it")
    settings = models.JSONField(default=dict)
    limits = models.JSONField(default=dict, help_text="what an episode may use up")
    note = models.TextField(blank=True, help_text="what this version is for")
    is_retired = models.BooleanField(default=False, help_text="not offered for new runs")
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AgentConfigurationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="agent_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="agent_version_from_1"),
            models.CheckConstraint(condition=Q(name__regex=NAME), name="agent_name_is_a_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def value(self) -> AgentSettings:
        return AgentSettings.model_validate(self.settings)

    @property
    def limits_value(self) -> Limits:
        return Limits.model_validate(self.limits)
