"""Lanes: episodes that wait together."""

from django.db import models
from django.db.models import Q


class Lane(models.Model):
    """Episodes that share a limit and pause together; workers take turns between lanes."""

    max_running = models.PositiveIntegerField(
        null=True, blank=True, help_text="episodes that run at one time; empty for no limit"
    )
    paused_at = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(
        null=True, blank=True, help_text="when workers last took something from it"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(max_running__isnull=True) | Q(max_running__gte=1),
                name="lane_limit_from_1",
            ),
        ]

    def __str__(self) -> str:
        return f"lane {self.pk}"
