"""People's keys to the API."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from simulation.rest.scopes import SCOPES
from simulation.roles import ADMIN, has_role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self) -> Self:
        now = timezone.now()
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), is_revoked=False)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Everybody sees their own, admins all; of none is more stored than its hash."""
        if not user.is_authenticated:
            return self.none()
        return self if has_role(user, ADMIN) else self.filter(user_id=user.pk)


class ApiToken(models.Model):
    """A person's key to the API; only its hash is stored."""

    START: ClassVar[int] = 12  # characters of its text that are kept

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100)
    hash = models.CharField(max_length=64, unique=True)
    start = models.CharField(
        max_length=12, blank=True, help_text="its first characters, to know it again"
    )
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    is_revoked = models.BooleanField(default=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+",
        help_text="an admin may make one for somebody else",
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="token_name_once_a_person"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=list(SCOPES)), name="token_scopes_are_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_live(self) -> bool:
        return not (self.is_revoked or self.is_expired)
