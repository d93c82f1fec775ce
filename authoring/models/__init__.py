"""Tasks, drafts, revisions, their review, what was tried of them, packs, and API tokens."""

from authoring.models.measures import DryRun, EquivalentMutant, MutationReport
from authoring.models.packs import Pack, PackEntry, PackTask, PackVersion
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
    "Pack",
    "PackEntry",
    "PackTask",
    "PackVersion",
    "Reveal",
    "ReviewEvent",
    "Revision",
    "Task",
    "TaskQuerySet",
    "Tick",
    "Visitor",
]
