"""Which grading a run's numbers are taken from, and why it was another one before."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q

from grading.models import Assessment, Grading, OfficialSwitch, Run
from grading.regrading.permissions import check_may_grade
from simulation.errors import Conflict, InvalidArgument
from simulation.models import Episode
from simulation.stops import MASKED
from simulation.text import clean_text
from simulation.wording import counted

LONGEST_REASON = 2000


@dataclass(frozen=True)
class Coverage:
    """How a grading stands to the rollouts of its run.

    gradable: rollouts that can be graded; covered: those of them that it has an assessment of;
    waiting: those that are not decided yet; unfinished: rollouts whose episode has not ended.
    """

    gradable: int
    covered: int
    waiting: int
    unfinished: int


def refusal(grading: Grading, coverage: Coverage) -> str:
    """Say why a grading cannot become official, "" when it can."""
    if not grading.counts:
        return f"a {grading.get_purpose_display()} counts in no number"
    if grading.cancelled_at:
        return "it was cancelled"
    if coverage.unfinished:
        left = counted(coverage.unfinished, "rollout")
        return f"{left} of the run {_has(coverage.unfinished)} not ended yet"
    if coverage.waiting:
        left = counted(coverage.waiting, "rollout")
        return f"{left} {_has(coverage.waiting)} not been decided yet"
    if missing := coverage.gradable - coverage.covered:
        return f"it leaves out {missing:,} of {counted(coverage.gradable, 'rollout')}"
    return ""


def coverages(run: Run) -> dict[int, Coverage]:
    """Give how each grading of a run stands to its rollouts, in two queries."""
    gradable = run.rollouts.gradable().count()
    unfinished = run.rollouts.unfinished().count()
    masked = Q(rollout__episode__stop_reason__in=list(MASKED))
    can_be = Q(rollout__episode__status=Episode.Status.ENDED) & ~masked
    rows = (
        Assessment.objects.filter(grading__run=run)
        .order_by()
        .values("grading")
        .annotate(
            covered=Count("pk", filter=can_be),
            waiting=Count("pk", filter=can_be & Q(status=Assessment.Status.OPEN)),
        )
    )
    return {
        row["grading"]: Coverage(gradable, row["covered"], row["waiting"], unfinished)
        for row in rows
    }


@transaction.atomic
def switch_official(
    run: Run, after: Grading, *, before: Grading, reason: str, actor: User
) -> OfficialSwitch:
    """Take the numbers of a run from another grading, from now on.

    before: the grading that was official when the person decided. Raises Conflict when it no
    longer is, or when `after` cannot become it; InvalidArgument without a reason; Forbidden.
    """
    check_may_grade(actor, run)
    words = clean_text(reason.strip(), limit=LONGEST_REASON)[0]
    if not words:
        raise InvalidArgument("say why the numbers are taken from another grading", field="reason")
    locked = Run.objects.select_for_update(of=("self",)).select_related("official").get(pk=run.pk)
    if locked.official_id != before.pk:
        now = locked.official.number if locked.official else 0
        raise Conflict(f"grading {now} is official by now, not {before.number}; look at it again")
    found = locked.gradings.filter(pk=after.pk).first()
    _check(locked, found, after)
    locked.official = found
    locked.save(update_fields=["official"])
    return OfficialSwitch.objects.create(
        run=locked, before=before, after=after, actor=actor, reason=words
    )


def _check(run: Run, found: Grading | None, asked: Grading) -> None:
    if found is None:
        raise Conflict(f"{asked} is none of {run}")
    if found.pk == run.official_id:
        raise Conflict(f"grading {found.number} is official already")
    standing = coverages(run).get(found.pk, Coverage(1, 0, 0, 0))
    if why := refusal(found, standing):
        raise Conflict(f"grading {found.number} cannot become official: {why}")


def _has(count: int) -> str:
    return "has" if count == 1 else "have"
