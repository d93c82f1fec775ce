"""Runs and rollouts, gradings with their verdicts, and what people say about them."""

from grading.models.assessments import (
    Assessment,
    Grading,
    OfficialSwitch,
    Rubric,
    Verdict,
    Withdrawal,
)
from grading.models.judges import Judge, JudgeCall
from grading.models.labels import LabelImport
from grading.models.people import (
    FailureKind,
    FailureLevel,
    FailureNote,
    TaskReport,
    TaskReportEvent,
)
from grading.models.runs import ReplacedEpisode, Rollout, RolloutOutcome, Run, RunQuerySet

__all__ = [
    "Assessment",
    "FailureKind",
    "FailureLevel",
    "FailureNote",
    "Grading",
    "Judge",
    "JudgeCall",
    "LabelImport",
    "OfficialSwitch",
    "ReplacedEpisode",
    "Rollout",
    "RolloutOutcome",
    "Rubric",
    "Run",
    "RunQuerySet",
    "TaskReport",
    "TaskReportEvent",
    "Verdict",
    "Withdrawal",
]
