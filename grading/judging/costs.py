"""What judging has cost: each call is stored when it was made, whatever becomes of its verdicts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from grading.judging.asking import CallRecord
from grading.models import Assessment, Judge, JudgeCall, Run
from grading.models.runs import shown_by

NOTHING_PAID = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Calls with their tokens and price in USD. unanswered: those that gave nothing at all."""

    calls: int = 0
    unanswered: int = 0
    prompt: int = 0
    completion: int = 0
    cost: Decimal = NOTHING_PAID


_SUMS: dict[str, Any] = {
    "calls": Count("pk"),
    "unanswered": Count("pk", filter=~Q(failure="")),
    "prompt": Sum("prompt_tokens", default=0),
    "completion": Sum("completion_tokens", default=0),
    "cost": Sum("cost", default=NOTHING_PAID),
}


def keeper(judge: Judge, assessment: Assessment | None = None) -> Callable[[CallRecord], None]:
    """Give what stores calls of a judge, about an assessment or about what is in no run."""
    round_ = assessment.round if assessment else 1

    def keep(record: CallRecord) -> None:
        JudgeCall.objects.create(
            judge=judge, assessment=assessment, round=round_, **record.columns()
        )

    return keep


def spent(calls: QuerySet[JudgeCall]) -> Spent:
    return Spent(**calls.order_by().aggregate(**_SUMS))


def spent_by(calls: QuerySet[JudgeCall], field: str) -> dict[int, Spent]:
    """Give what was spent for each value of a field, such as "judge" or "assessment__grading"."""
    rows: Iterable[dict[str, Any]] = calls.order_by().values(field).annotate(**_SUMS)
    return {row.pop(field): Spent(**row) for row in rows}


def calls_of_run(run: Run) -> QuerySet[JudgeCall]:
    """Give the calls of all gradings of a run, about what it shows."""
    shown = shown_by([run], "assessment__rollout__episode")
    return JudgeCall.objects.filter(*shown, assessment__grading__run=run)
