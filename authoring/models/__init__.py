"""Tasks, their drafts and revisions, their review, what was tried of them, and API tokens."""

from authoring.models.measures import DryRun, EquivalentMutant, MutationReport
from authoring.models.reviewing import (
    ChecklistAnswer,
    Comment,
    InboxItem,
    KeptFinding,
    Reveal,
    ReviewEvent,
    Tick,
)
from authoring.models.tasks import Draft, Revision, Task, TaskQuerySet, Visitor
from authoring.models.tokens import ApiToken, ApiTokenQuerySet

__all__ = [
    "ApiToken",
    "ApiTokenQuerySet",
    "ChecklistAnswer",
    "Comment",
    "Draft",
    "DryRun",
    "EquivalentMutant",
    "InboxItem",
    "KeptFinding",
    "MutationReport",
    "Reveal",
    "ReviewEvent",
    "Revision",
    "Task",
    "TaskQuerySet",
    "Tick",
    "Visitor",
]
