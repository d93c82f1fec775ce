"""The one way round frozen rows, and the trace that it leaves."""

from django.conf import settings
from django.db import models


class MaintenanceUse(models.Model):
    """Somebody switched the guards of frozen rows off for one transaction."""

    reason = models.TextField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.reason[:60]}"
