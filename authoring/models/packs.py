"""Packs: tasks that are used together. What is put together is mutable, its versions are frozen."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from authoring.models.tasks import Revision, Task
from authoring.splits import SPLITS
from simulation.roles import roles_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class PackQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Give packs to everybody with a role: rubrics and references are in them."""
        return self if roles_of(user) else self.none()


class Pack(models.Model):
    """What the next version of a pack says, and its name for life.

    sizes: {split: tasks} where exact ones are asked for; empty: by share. canary: a text that is in
    every file of an export, so that it is found again where it should not be.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, help_text="Markdown, for the pack's README")
    licence = models.CharField(
        max_length=100, default="proprietary", help_text="an SPDX name, or proprietary"
    )
    canary = models.CharField(max_length=200, unique=True)
    is_for_training = models.BooleanField(
        default=False, help_text="then no criterion may wait for a person"
    )
    sizes = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="packs"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class PackTask(models.Model):
    """A task in the next version of a pack, as the revision that was chosen."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="tasks")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["task__slug"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "task"], name="pack_task_once"),
        ]

    def __str__(self) -> str:
        return f"{self.revision} in {self.pack}"


class PackVersionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self if roles_of(user) else self.none()


class PackVersion(models.Model):
    """A frozen, hashed list of revisions; written once.

    splits: {split: {"tasks": n, "hash": sha256 over that split's entries}}, also of a split whose
    entries did not come along with an import. worlds: [{"name": SLUG@VERSION, "hash"}]. changelog:
    one object for each task that differs from the version before.
    """

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    hash = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    licence = models.CharField(max_length=100)
    canary = models.CharField(max_length=200)
    is_for_training = models.BooleanField(default=False)
    notes = models.TextField(blank=True, help_text="what is new, for people")
    splits = models.JSONField()
    worlds = models.JSONField()
    changelog = models.JSONField(default=list)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PackVersionQuerySet.as_manager()

    class Meta:
        ordering = ["pack_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "number"], name="pack_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="pack_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.pack.slug}@{self.number}"


class PackEntry(models.Model):
    """A revision in a version of a pack, and the split it had there; written once."""

    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="entries")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="pack_entries")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="pack_entries")
    split = models.CharField(max_length=20, choices=[(split, split) for split in SPLITS])

    class Meta:
        ordering = ["task__slug"]
        constraints = [
            models.UniqueConstraint(fields=["version", "task"], name="pack_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.revision} in {self.version}"
