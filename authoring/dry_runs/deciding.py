"""Which criterion of a dry run a person may decide, and on what."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from authoring.access import TaskLook
from authoring.dry_runs.results import Result
from authoring.dry_runs.to_decide import why_not
from grading.criteria import Criterion
from grading.graders import is_deterministic
from grading.models import Assessment


def decidable(look: TaskLook, result: Result, key: str) -> Criterion:
    """Find a criterion that this person may decide. Raises Http404."""
    found = [c for c in result.criteria if c.key == key and not is_deterministic(c)]
    if not found or why_not(look, result):
        raise Http404
    return found[0]


def reference_of(result: Result) -> Assessment:
    """Find what is decided: the reference. Raises Http404 where it was not graded."""
    reference = result.reference
    if reference is None:
        raise Http404
    return get_object_or_404(Assessment, pk=reference.assessment)
