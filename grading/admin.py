"""Runs and verdicts in the back office, for looking."""

from django.contrib import admin
from django.db.models import Count, QuerySet
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
    TaskReport,
    Verdict,
)
from simulation.admin import LookingOnly


@admin.register(Run)
class RunAdmin(LookingOnly):
    list_display = ["title", "kind", "source", "owner", "rollout_count", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["owner"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        runs: QuerySet[Run] = super().get_queryset(request)
        return runs.annotate(n_rollouts=Count("rollouts"))

    @admin.display(description="rollouts", ordering="n_rollouts")
    def rollout_count(self, run: Run) -> int:
        return int(run.n_rollouts)  # type: ignore[attr-defined]  # annotated above


@admin.register(Rollout)
class RolloutAdmin(LookingOnly):
    list_display = ["id", "run", "subject", "agent", "index", "episode_id"]
    list_select_related = ["run"]
    search_fields = ["subject", "agent"]


@admin.register(Assessment)
class AssessmentAdmin(LookingOnly):
    list_display = ["id", "rollout", "grading", "status", "reward", "passed", "reward_source"]
    list_filter = ["status", "passed"]
    list_select_related = ["rollout", "grading__run"]


@admin.register(Verdict)
class VerdictAdmin(LookingOnly):
    list_display = ["id", "assessment_id", "criterion_key", "outcome", "source", "author"]
    list_filter = ["outcome", "source"]
    list_select_related = ["author"]


@admin.register(Rubric)
class RubricAdmin(LookingOnly):
    list_display = ["hash", "created_at"]


@admin.register(Grading)
class GradingAdmin(LookingOnly):
    list_display = ["id", "run", "number", "purpose", "rubrics", "asked_by", "created_at"]
    list_filter = ["purpose"]
    list_select_related = ["run", "asked_by"]


@admin.register(OfficialSwitch)
class OfficialSwitchAdmin(LookingOnly):
    list_display = ["id", "run", "before", "after", "actor", "created_at"]
    list_select_related = ["run", "before__run", "after__run", "actor"]


@admin.register(FailureNote)
class FailureNoteAdmin(LookingOnly):
    list_display = ["id", "rollout", "author", "level", "kind", "is_withdrawn", "created_at"]
    list_filter = ["level", "kind"]
    list_select_related = ["rollout", "author"]


@admin.register(TaskReport)
class TaskReportAdmin(LookingOnly):
    list_display = ["id", "task", "fault", "state", "reporter", "owner", "created_at"]
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
