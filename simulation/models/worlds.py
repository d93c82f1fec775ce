"""A world is published once and never changes; its rows are typed Django models of its company."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from simulation.environments import environment, slugs
from simulation.roles import ADMIN, REVIEWER, has_role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from simulation.entities import IdPattern
    from simulation.environments import Environment


def environment_choices() -> list[tuple[str, str]]:
    return [(slug, slug) for slug in slugs()]


class Snapshot(models.Model):
    """The canonical JSON of a published world, compressed; written once."""

    content_hash = models.CharField(primary_key=True, max_length=64)
    data = models.BinaryField(help_text="zstandard over canonical JSON")
    size = models.PositiveIntegerField(help_text="bytes before compression")
    counts = models.JSONField(help_text="rows by entity type")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.content_hash[:12]


class WorldQuerySet(models.QuerySet["World"]):
    def published(self) -> Self:
        return self.filter(status=World.Status.PUBLISHED)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Give published worlds to everybody; drafts to their owner, reviewers and admins."""
        if has_role(user, REVIEWER, ADMIN):
            return self
        return self.filter(Q(status=World.Status.PUBLISHED) | Q(owner_id=user.pk))

    def newest_first(self) -> Self:
        return self.order_by("slug", "-version")


class World(models.Model):
    """One version of one simulated enterprise."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    slug = models.SlugField(max_length=80)
    version = models.PositiveIntegerField()
    environment = models.CharField(max_length=80, choices=environment_choices)
    title = models.CharField(max_length=200)
    now = models.DateTimeField(help_text="the clock of the world; it never moves by itself")
    agent_employee_id = models.CharField(max_length=200, blank=True)
    prompts = models.JSONField(default=dict, blank=True, help_text="system prompts by name")
    generator_version = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    manifest = models.JSONField(
        default=list,
        blank=True,
        help_text="what its generator made untidy on purpose: type, id, noise",
    )
    edits = models.PositiveIntegerField(
        default=0, help_text="how often the rows of the draft were changed"
    )
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="worlds"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="worlds"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = WorldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="world_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="world_version_from_one"),
            models.CheckConstraint(
                condition=Q(status="draft", snapshot__isnull=True, published_at__isnull=True)
                | Q(status="published", snapshot__isnull=False, published_at__isnull=False),
                name="world_snapshot_iff_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}@{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.status == World.Status.DRAFT

    @property
    def content_hash(self) -> str:
        return self.snapshot_id or ""

    @property
    def company(self) -> "Environment":
        return environment(self.environment)


class Entity(models.Model):
    """A row of a world: every entity type of every company is one of these."""

    created: ClassVar[str | None] = "created_at"
    updated: ClassVar[str | None] = "updated_at"
    id_pattern: ClassVar["IdPattern | None"] = None

    id = models.BigAutoField(primary_key=True)
    world = models.ForeignKey(World, on_delete=models.DO_NOTHING, related_name="+")
    key = models.CharField(max_length=200, help_text="the id that agents see")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["world", "key"], name="%(app_label)s_%(class)s_key_once"
            ),
            models.UniqueConstraint(
                fields=["world", "id"], name="%(app_label)s_%(class)s_world_id"
            ),
        ]

    def __str__(self) -> str:
        return self.key
