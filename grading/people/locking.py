"""One at a time: an assessment stays locked until what a person said about it is stored."""

from grading.models import Assessment
from grading.verdicts import DECIDED
from simulation.errors import Conflict
from simulation.models import Episode


def locked(assessment_id: int) -> Assessment:
    """Lock an assessment, inside a transaction, with its rollout and episode."""
    rows = Assessment.objects.select_for_update(of=("self",))
    return rows.select_related("rollout__run", "rollout__episode").get(pk=assessment_id)


def check_decided(assessment: Assessment) -> None:
    """Raises Conflict, saying why, while nobody can say anything about an assessment."""
    if assessment.status not in DECIDED:
        raise Conflict(f"{_why_open(assessment)}; a verdict is taken once it is graded")


def _why_open(assessment: Assessment) -> str:
    episode = assessment.rollout.episode
    if assessment.status == Assessment.Status.CANCELLED:
        return "this grading was cancelled"
    if not episode.is_over:
        return "the episode has not ended"
    if episode.status == Episode.Status.CANCELLED:
        return "the episode was cancelled"
    if episode.is_masked:
        return "the episode ended for a reason of ours and is not counted"
    return "it is being graded"
