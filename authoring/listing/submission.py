"""Submitting one task of many."""

from django.contrib.auth.models import User
from django.db import transaction

from authoring.drafts.cutting import cut_revision
from authoring.models import Revision, Task
from authoring.review import move


@transaction.atomic
def submit_task(task: Task, *, by: User) -> None:
    """Raises GymError where the task is unfinished or the move is not possible."""
    move(cut_revision(task, by=by, cause=Revision.Cause.SUBMIT), "submit", actor=by)
