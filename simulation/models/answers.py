"""Answers that writes over REST were given, for whoever asks again with the same key."""

from django.conf import settings
from django.db import models


class RememberedAnswer(models.Model):
    """What a write answered: sent again with its key, it gets this and does nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64, help_text="of method, path and body")
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="remembered_answer_once_a_key")
        ]

    def __str__(self) -> str:
        return f"answer to {self.key}"
