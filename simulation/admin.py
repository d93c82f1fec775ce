"""Worlds and episodes in the back office, for looking: what is frozen has no form."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from simulation.models import (
    Episode,
    MaintenanceUse,
    ModelEndpoint,
    Snapshot,
    Step,
    Upload,
    World,
    not_held_out,
)
from simulation.roles import sees_held_out


class LookingOnly(admin.ModelAdmin):
    """Rows can be looked at; nothing is added, changed or deleted here.

    episode: leads from a row to its episode, where it has one: what is held out is for few here,
    too.
    """

    episode = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        if self.episode and not sees_held_out(request.user):
            return rows.filter(not_held_out(self.episode))
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(World)
class WorldAdmin(LookingOnly):
    list_display = ["__str__", "title", "environment", "status", "owner", "published_at"]
    list_filter = ["environment", "status"]
    list_select_related = ["owner"]
    search_fields = ["slug", "title"]


@admin.register(Snapshot)
class SnapshotAdmin(LookingOnly):
    list_display = ["content_hash", "size", "created_at"]
    fields = ["content_hash", "size", "counts", "created_at"]


@admin.register(Upload)
class UploadAdmin(LookingOnly):
    list_display = ["name", "owner", "created_at", "expires_at"]
    list_select_related = ["owner"]
    fields = ["name", "owner", "sha256", "created_at", "expires_at"]


@admin.register(Episode)
class EpisodeAdmin(LookingOnly):
    list_display = ["id", "world", "agent_name", "status", "stop_reason", "step_count", "owner"]
    list_filter = ["status", "stop_reason"]
    episode = "pk"
    list_select_related = ["world", "owner"]
    show_full_result_count = False


@admin.register(Step)
class StepAdmin(LookingOnly):
    list_display = ["id", "episode_id", "index", "kind", "tool", "is_error"]
    list_filter = ["kind", "is_error"]
    episode = "episode"
    search_fields = ["=episode__id"]
    show_full_result_count = False


@admin.register(ModelEndpoint)
class ModelEndpointAdmin(LookingOnly):
    list_display = ["name", "base_url", "key_variable", "is_active", "created_by", "updated_at"]
    list_filter = ["is_active"]
    list_select_related = ["created_by"]
    search_fields = ["name", "base_url"]


@admin.register(MaintenanceUse)
class MaintenanceUseAdmin(LookingOnly):
    list_display = ["at", "actor", "reason"]
    list_select_related = ["actor"]
