"""An episode is a world plus a journal of changes; it does not know its task."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from simulation.models.endpoints import ModelEndpoint
from simulation.models.lanes import Lane
from simulation.models.worlds import World
from simulation.roles import INSPECTORS, has_role, sees_held_out
from simulation.stops import MASKED, TRUNCATED, StopReason

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

OVER = ("ended", "cancelled")
PERSON = "person"  # the kind of agent of a scratch clone


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Give a person their own, inspectors those of all agents; a scratch clone is private.

        Of what is held out, even the own is given only to those who see it.
        """
        seen = self if sees_held_out(user) else self.filter(is_held_out=False)
        if has_role(user, *INSPECTORS):
            return seen.filter(Q(owner_id=user.pk) | ~Q(agent__kind=PERSON))
        return seen.filter(owner_id=user.pk)

    def scratches(self) -> Self:
        """Give the clones in which people try out tools; no worker runs them."""
        return self.filter(agent__kind=PERSON)

    def idle_scratches(self) -> Self:
        return self.scratches().filter(status=Episode.Status.PAUSED, lease_expires_at__lt=Now())

    def with_world(self) -> Self:
        """Bring the world along, without its long texts."""
        return self.select_related("world").defer("world__manifest", "world__prompts")

    def over(self) -> Self:
        return self.filter(status__in=OVER)


class Episode(models.Model):
    """One run of one agent in one clone of a world."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        PAUSED = "paused"
        ENDED = "ended"
        CANCELLED = "cancelled"
        PARKED = "parked"

    class Rest(models.TextChoices):
        PAUSE = "pause"

    world = models.ForeignKey(World, on_delete=models.PROTECT, related_name="episodes")
    owner = models.ForeignKey(  # found by episode_of_owner
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="episodes", db_index=False
    )
    spec = models.JSONField(help_text="what the agent is asked, and in what; frozen")
    agent = models.JSONField(help_text="kind, name and configuration of the agent; frozen")
    lane = models.ForeignKey(
        Lane, on_delete=models.PROTECT, null=True, blank=True, related_name="episodes"
    )
    endpoint = models.ForeignKey(
        ModelEndpoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="episodes",
        help_text="where its agent's model is asked; empty for agents that ask none",
    )
    customer_endpoint = models.ForeignKey(  # looked up with its place alone
        ModelEndpoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
        db_index=False,
        help_text="where its customer's model is asked; empty where no model plays one",
    )
    scene = models.CharField(
        max_length=120, blank=True, default="", help_text="of a scratch clone: what it is for"
    )
    is_held_out = models.BooleanField(
        default=False, db_default=False, help_text="what it shows is for few eyes"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    stop_reason = models.CharField(max_length=20, choices=StopReason.choices, blank=True)
    stop_detail = models.TextField(blank=True)
    lease = models.PositiveIntegerField(default=0, help_text="number of the last claim")
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    fruitless_claims = models.PositiveSmallIntegerField(
        default=0, help_text="claims since the last new step"
    )
    rests = models.CharField(
        max_length=10,
        choices=Rest.choices,
        blank=True,
        default="",
        db_default="",
        help_text="what its worker is asked to do at the next safe place",
    )
    step_count = models.PositiveIntegerField(default=0)
    usage = models.JSONField(default=dict, blank=True, help_text="the agent's tokens by kind")
    cost = models.DecimalField(
        max_digits=12, decimal_places=6, default=0, help_text="USD, of the agent's model"
    )
    customer_usage = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="the customer's tokens by kind"
    )
    customer_cost = models.DecimalField(
        max_digits=12, decimal_places=6, default=0, db_default=0, help_text="USD"
    )
    final_response = models.TextField(blank=True)
    state_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(db_default=Now(), help_text="when workers were last told")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    forgotten_at = models.DateTimeField(
        null=True, blank=True, help_text="when its steps were removed; what was decided stays"
    )

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        indexes = [
            # None holds what changes while an episode runs (lease_expires_at, step_count): then a
            # heartbeat or a batch of steps writes a row and no index.
            # The queue: who waits in which lane for which endpoints; scratch clones never wait.
            models.Index(
                fields=["lane", "endpoint", "customer_endpoint", "id"],
                condition=Q(status="queued"),
                name="episode_waiting",
            ),
            models.Index(
                fields=["lane", "endpoint", "customer_endpoint"],
                condition=Q(status="running"),
                name="episode_at_work",
            ),
            models.Index(fields=["owner", "-created_at"], name="episode_of_owner"),
            models.Index(fields=["owner"], condition=Q(status="parked"), name="episode_parked"),
            models.Index(fields=["id"], condition=Q(is_held_out=True), name="episode_held_out"),
            models.Index(
                fields=["ended_at"], condition=Q(ended_at__isnull=False), name="episode_ended"
            ),
            models.Index(
                fields=["ended_at"],
                condition=Q(stop_reason__in=sorted(MASKED)),
                name="episode_masked",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "world", "scene"],
                condition=Q(agent__kind=PERSON),
                name="episode_one_scratch_a_person_and_scene",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OVER, ended_at__isnull=False)
                | (~Q(status__in=OVER) & Q(ended_at__isnull=True)),
                name="episode_ended_at_iff_over",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=OVER) & ~Q(stop_reason=""))
                | (~Q(status__in=OVER) & Q(stop_reason="")),
                name="episode_stop_reason_iff_over",
            ),
            models.CheckConstraint(
                condition=~Q(status="ended") | ~Q(state_hash=""), name="episode_hash_when_ended"
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | Q(status__in=OVER),
                name="episode_forgotten_only_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(lease__gte=1, lease_expires_at__isnull=False),
                name="episode_running_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"episode {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def is_masked(self) -> bool:
        """Tell whether it ended for a reason that is ours, not the agent's."""
        return self.stop_reason in MASKED

    @property
    def is_forgotten(self) -> bool:
        """Tell whether its steps were removed to save space."""
        return self.forgotten_at is not None

    @property
    def is_truncated(self) -> bool:
        """Tell whether a limit ended it and not the agent; it is graded all the same."""
        return self.stop_reason in TRUNCATED

    @property
    def agent_name(self) -> str:
        return str(self.agent["name"])


def not_held_out(episode: str) -> Q:
    """Make the condition of rows that everybody may see who may see others like them.

    episode: leads to the episode of a row. The few that are held out have an index of their own,
    so the condition looks at them alone and not at the episode of every row.
    """
    return ~Q(Exists(Episode.objects.filter(pk=OuterRef(episode), is_held_out=True)))


class Step(models.Model):
    """One thing that happened in an episode; written once."""

    class Kind(models.TextChoices):
        SYSTEM = "system"
        USER = "user"
        ASSISTANT = "assistant"
        TOOL_CALL = "tool_call"
        CUSTOMER = "customer"
        ERROR = "error"

    episode = models.ForeignKey(  # found by step_index_once
        Episode, on_delete=models.DO_NOTHING, related_name="steps", db_index=False
    )
    index = models.PositiveIntegerField()
    turn = models.PositiveIntegerField(help_text="0 before the agent speaks, then its turns")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    content = models.TextField(blank=True)
    tool = models.CharField(max_length=200, blank=True)
    call_id = models.CharField(max_length=200, blank=True)
    arguments = models.JSONField(null=True, blank=True)
    arguments_raw = models.TextField(blank=True, help_text="exactly what the agent sent")
    result = models.TextField(blank=True, help_text="exactly what the agent saw")
    is_error = models.BooleanField(default=False)
    changes = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True, help_text="what the boundary changed")
    tokens = models.JSONField(default=dict, blank=True)
    cost = models.DecimalField(
        max_digits=12, decimal_places=6, default=0, db_default=0, help_text="USD"
    )
    reasoning = models.TextField(
        blank=True, default="", db_default="", help_text="a model's; no judge is shown it"
    )
    exchange = models.JSONField(null=True, blank=True, help_text="what came with a model's words")
    fault = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="made on purpose"
    )
    started_at = models.DateTimeField()
    duration_ms = models.FloatField(default=0)

    class Meta:
        ordering = ["episode_id", "index"]
        constraints = [
            models.UniqueConstraint(fields=["episode", "index"], name="step_index_once"),
            models.CheckConstraint(
                condition=Q(kind="tool_call") | Q(tool="", result="", arguments__isnull=True),
                name="step_tool_only_on_calls",
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.index} of episode {self.episode_id}"
