"""Runs and verdicts in the back office, for looking."""

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest

from grading.models import (
    Assessment,
    FailureNote,
    Grading,
    Judge,
    JudgeCall,
    OfficialSwitch,
    Rollout,
    Rubric,
    Run,
    RunQuerySet,
    TaskReport,
    Verdict,
)
from grading.models.assessments import GradingQuerySet
from grading.models.judges import JudgeCallQuerySet
from simulation.admin import LookingOnly
from simulation.models import not_held_out
from simulation.roles import sees_held_out


@admin.register(Run)
class RunAdmin(LookingOnly):
    list_display = ["title", "kind", "source", "owner", "rollout_count", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["owner"]
    exclude = ["request"]  # it names tasks, held out from whoever looks or not

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        runs: RunQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        counted: QuerySet[Run] = runs.shown_to(request.user).annotate(n_rollouts=Count("rollouts"))
        return counted

    @admin.display(description="rollouts", ordering="n_rollouts")
    def rollout_count(self, run: Run) -> int:
        return int(run.n_rollouts)  # type: ignore[attr-defined]  # annotated above


@admin.register(Rollout)
class RolloutAdmin(LookingOnly):
    list_display = ["id", "run", "subject", "agent", "index", "episode_id"]
    episode = "episode"
    list_select_related = ["run"]
    search_fields = ["subject", "agent"]


@admin.register(Assessment)
class AssessmentAdmin(LookingOnly):
    list_display = ["id", "rollout", "grading", "status", "reward", "passed", "reward_source"]
    episode = "rollout__episode"
    list_filter = ["status", "passed"]
    list_select_related = ["rollout", "grading__run"]


@admin.register(Verdict)
class VerdictAdmin(LookingOnly):
    list_display = ["id", "assessment_id", "criterion_key", "outcome", "source", "author"]
    episode = "assessment__rollout__episode"
    list_filter = ["outcome", "source"]
    list_select_related = ["author"]


@admin.register(Rubric)
class RubricAdmin(LookingOnly):
    list_display = ["hash", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rubric]:
        """Give those that something measures which may be shown; all to who sees everything."""
        rubrics: QuerySet[Rubric] = super().get_queryset(request)
        if sees_held_out(request.user):
            return rubrics
        measured = Assessment.objects.filter(not_held_out("rollout__episode"))
        return rubrics.filter(Exists(measured.filter(rubric=OuterRef("pk"))))


@admin.register(Grading)
class GradingAdmin(LookingOnly):
    list_display = ["id", "run", "number", "purpose", "shown_rubrics", "asked_by", "created_at"]
    list_filter = ["purpose"]
    list_select_related = ["run", "asked_by"]
    fields = [
        *("run", "number", "purpose", "shown_rubrics", "shown_reason", "shown_scope", "judge"),
        *("asked_by", "created_at", "cancelled_at"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Grading]:
        gradings: GradingQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        shown = RunQuerySet(Run).shown_to(request.user)
        return gradings.shown_to(request.user).filter(run__in=shown)


@admin.register(OfficialSwitch)
class OfficialSwitchAdmin(LookingOnly):
    list_display = ["id", "run", "before", "after", "actor", "created_at"]
    list_select_related = ["run", "before__run", "after__run", "actor"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfficialSwitch]:
        switches: QuerySet[OfficialSwitch] = super().get_queryset(request)
        return switches.filter(run__in=RunQuerySet(Run).shown_to(request.user))


@admin.register(FailureNote)
class FailureNoteAdmin(LookingOnly):
    list_display = ["id", "rollout", "author", "level", "kind", "is_withdrawn", "created_at"]
    episode = "rollout__episode"
    list_filter = ["level", "kind"]
    list_select_related = ["rollout", "author"]


@admin.register(TaskReport)
class TaskReportAdmin(LookingOnly):
    list_display = ["id", "task", "fault", "state", "reporter", "owner", "created_at"]
    episode = "rollout__episode"
    list_filter = ["fault", "state"]
    list_select_related = ["reporter", "owner"]


@admin.register(Judge)
class JudgeAdmin(LookingOnly):
    list_display = ["name", "version", "endpoint", "model", "is_retired", "created_by"]
    list_filter = ["is_retired"]
    list_select_related = ["endpoint", "created_by"]


@admin.register(JudgeCall)
class JudgeCallAdmin(LookingOnly):
    list_display = ["id", "judge", "assessment_id", "vote", "repair", "cost", "created_at"]
    list_select_related = ["judge"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[JudgeCall]:
        calls: JudgeCallQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        return calls.shown_to(request.user)
