"""Tasks in the back office, for looking; tokens can be revoked."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from authoring.models import (
    ApiToken,
    Draft,
    EquivalentMutant,
    MutationReport,
    ReviewEvent,
    Revision,
    Task,
)
from authoring.splits import HELD_OUT
from simulation.admin import LookingOnly
from simulation.roles import sees_held_out


class OfTask(LookingOnly):
    """Rows of tasks; what is held out is for few here, too. task: leads from a row to its task."""

    task = "task"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        if sees_held_out(request.user):
            return rows
        tasks = Task.objects.exclude(split=HELD_OUT)
        return rows.filter(**{f"{self.task}__in": tasks})


@admin.register(Task)
class TaskAdmin(OfTask):
    list_display = ["slug", "owner", "revision_count", "split", "is_retired"]
    list_select_related = ["owner"]
    search_fields = ["slug"]
    task = "pk"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        tasks: QuerySet[Task] = super().get_queryset(request)
        return tasks.annotate(n_revisions=Count("revisions"))

    @admin.display(description="revisions", ordering="n_revisions")
    def revision_count(self, task: Task) -> int:
        return int(task.n_revisions)  # type: ignore[attr-defined]  # annotated above


@admin.register(Draft)
class DraftAdmin(OfTask):
    list_display = ["task", "version", "updated_by", "updated_at"]
    list_select_related = ["task", "updated_by"]


@admin.register(Revision)
class RevisionAdmin(OfTask):
    list_display = ["__str__", "state", "author", "created_at"]
    list_filter = ["state"]
    list_select_related = ["task", "author"]
    search_fields = ["task__slug"]


@admin.register(ReviewEvent)
class ReviewEventAdmin(OfTask):
    task = "revision__task"
    list_display = ["created_at", "revision", "actor", "action", "comment"]
    list_select_related = ["revision__task", "actor"]


@admin.register(MutationReport)
class MutationReportAdmin(OfTask):
    list_display = ["__str__", "status", "score", "done", "total", "created_by", "created_at"]
    list_filter = ["status"]
    list_select_related = ["task", "revision__task", "created_by"]
    search_fields = ["task__slug"]
    exclude = ["results"]


@admin.register(EquivalentMutant)
class EquivalentMutantAdmin(OfTask):
    list_display = ["mutant_id", "task", "is_equivalent", "reason", "marked_by", "created_at"]
    list_select_related = ["task", "marked_by"]


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Tokens are made by their people; an admin sees whose they are and revokes them."""

    list_display = ["name", "start", "user", "scopes", "expires_at", "is_revoked", "last_used_at"]
    list_select_related = ["user"]
    fields = ["name", "user", "scopes", "expires_at", "last_used_at", "created_at", "is_revoked"]
    readonly_fields = ["name", "user", "scopes", "expires_at", "last_used_at", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
