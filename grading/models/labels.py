"""Verdicts that came in as a file."""

from django.conf import settings
from django.db import models


class LabelImport(models.Model):
    """A file of people's verdicts that somebody brought in, written once."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="label_imports"
    )
    name = models.CharField(max_length=200, help_text="of the file")
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    made = models.PositiveIntegerField(help_text="verdicts that were new")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.made} labels of {self.name}"
