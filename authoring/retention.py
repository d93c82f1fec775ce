"""Old transcripts that tasks need no more, and those that they still do."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from authoring.models import DryRun, PackEntry, Revision
from grading.models import Run
from grading.retention import Rule, forget
from simulation.forgetting import Amount

IN_USE = (
    Revision.State.IN_REVIEW,
    Revision.State.CHANGES_REQUESTED,
    Revision.State.APPROVED,
)


def rule_of(*, older_than: dt.timedelta, **options: Any) -> Rule:
    """Make a rule that keeps what a review or a pack rests on. Raises InvalidArgument."""
    return Rule(older_than=older_than, kept_runs=runs_in_use(), **options)


def runs_in_use() -> "QuerySet[Run]":
    """Find the dry runs of revisions in review, approved or in a pack, and the newest of each
    task."""
    packed = Exists(PackEntry.objects.filter(revision=OuterRef("revision")))
    newest = DryRun.objects.order_by().values("task").annotate(newest=Max("pk")).values("newest")
    in_use = DryRun.objects.filter(Q(revision__state__in=IN_USE) | packed | Q(pk__in=newest))
    return Run.objects.filter(pk__in=in_use.values("run"))


def forget_old() -> Amount:
    """Remove what is older than the setting RETENTION_DAYS says; nothing where it is 0."""
    if not settings.RETENTION_DAYS:
        return Amount()
    rule = rule_of(older_than=dt.timedelta(days=settings.RETENTION_DAYS))
    return sum(forget(rule), Amount())
