"""A new round for what graders could not decide. Episodes are not run again, and what was decided
stays decided."""

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from grading.models import Assessment, Grading, Verdict
from simulation.errors import Conflict
from simulation.messages import send_after_commit


def undecided(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Find the incomplete ones that a grader's failure keeps from a reward.

    Each round decides again all that failed, so what still fails did so in the latest one. A
    person's last word on a criterion makes up for its grader.
    """
    said = Verdict.objects.filter(
        assessment=OuterRef("assessment"),
        criterion_key=OuterRef("criterion_key"),
        is_authoritative=True,
        withdrawal=None,
    )
    failed = Verdict.objects.filter(
        ~Exists(said),
        assessment=OuterRef("pk"),
        round=OuterRef("round"),
        outcome=Verdict.Outcome.GRADER_ERROR,
    )
    return assessments.filter(Exists(failed), status=Assessment.Status.INCOMPLETE)


@transaction.atomic
def retry_assessments(grading: Grading, *, rollout: int | None = None) -> int:
    """Let graders try again what they failed at; gives how many assessments are open again.

    rollout: its primary key, to try one alone. Raises Conflict when the grading was cancelled.
    """
    if Grading.objects.filter(pk=grading.pk, cancelled_at__isnull=False).exists():
        raise Conflict(f"{grading} was cancelled; grade the run again instead")
    failed = undecided(grading.assessments.all())
    if rollout is not None:
        failed = failed.filter(rollout=rollout)
    rows = list(failed.select_for_update(of=("self",)).values_list("pk", "rollout__episode"))
    Assessment.objects.filter(pk__in=[pk for pk, _ in rows]).update(
        status=Assessment.Status.OPEN, round=F("round") + 1, graded_at=None, claimed_until=None
    )
    send_after_commit(settings.EPISODE_ENDED_TASK, [episode for _, episode in rows])
    return len(rows)
