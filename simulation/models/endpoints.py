"""Where models are asked. The key itself is never stored: only the name of its variable."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from simulation.chat.keys import PREFIX
from simulation.roles import ADMIN, has_role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

KEY_VARIABLE = rf"^{PREFIX}[A-Z0-9_]+$"
ADDRESS = r"^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*)?$"
NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_TIMEOUT, LONGEST_CONNECT = 3600, 60  # seconds


class ModelEndpointQuerySet(models.QuerySet["ModelEndpoint"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self if has_role(user, ADMIN) else self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)


class ModelEndpoint(models.Model):
    """A server that speaks the chat-completions protocol; agents, customers and judges share it."""

    name = models.SlugField(max_length=60, unique=True)
    base_url = models.CharField(max_length=500, help_text="as far as the /v1")
    key_variable = models.CharField(
        max_length=100, blank=True, help_text="the environment variable that holds the key"
    )
    capabilities = models.JSONField(default=dict, blank=True, help_text="what the server takes")
    prices = models.JSONField(
        default=dict, blank=True, help_text="USD per million tokens, by model"
    )
    timeout_s = models.PositiveSmallIntegerField(default=120, help_text="seconds for an answer")
    connect_timeout_s = models.PositiveSmallIntegerField(
        default=5, help_text="seconds for a connection"
    )
    max_running = models.PositiveIntegerField(
        null=True, blank=True, help_text="episodes that ask it at one time; empty for no limit"
    )
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ModelEndpointQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(name__regex=NAME), name="endpoint_name_is_a_slug"),
            models.CheckConstraint(
                condition=Q(base_url__regex=ADDRESS), name="endpoint_address_is_http_and_bare"
            ),
            models.CheckConstraint(
                condition=Q(key_variable="") | Q(key_variable__regex=KEY_VARIABLE),
                name="endpoint_key_variable_is_one_of_ours",
            ),
            models.CheckConstraint(
                condition=Q(
                    timeout_s__range=(1, LONGEST_TIMEOUT),
                    connect_timeout_s__range=(1, LONGEST_CONNECT),
                ),
                name="endpoint_timeouts_within_bounds",
            ),
            models.CheckConstraint(
                condition=Q(max_running__isnull=True) | Q(max_running__gte=1),
                name="endpoint_limit_from_1",
            ),
        ]

    def __str__(self) -> str:
        return self.name
