"""Archives that wait between their preview and the import."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Give the uploads of this person that are still kept: they are nobody else's."""
        return self.filter(owner_id=user.pk, expires_at__gt=timezone.now())

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())


class Upload(models.Model):
    """A zip as somebody sent it: read anew, and as distrustfully, each time that it is used."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    name = models.CharField(max_length=200, help_text="what the person's file was called")
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    objects = UploadQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
