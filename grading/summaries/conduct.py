"""How agents went about it: turns, calls, errors and identical calls of each episode, in one query.

The database counts; it reads the steps of this run alone, each episode's by the index of steps.
"""

from dataclasses import dataclass

from django.db.models import Count, F, Func, Max, Q, TextField
from django.db.models.functions import Cast, Coalesce

from grading.models import Run
from simulation.models import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """Of one episode; `repeats` are calls of a tool with arguments that it was called with before.

    Order and spaces of the arguments make no difference.
    """

    turns: int = 0
    calls: int = 0
    errors: int = 0
    repeats: int = 0


def read_conduct(run: Run) -> dict[int, Conduct]:
    """Count the steps of a run's episodes; an episode without steps is not there."""
    is_call = Q(kind=Step.Kind.TOOL_CALL)
    arguments = Coalesce(Cast("arguments", TextField()), F("arguments_raw"))
    call = Func(F("tool"), arguments, function="ROW", output_field=TextField())
    counted = (
        Step.objects.filter(episode__rollout__run=run)
        .order_by()
        .values("episode_id")
        .annotate(
            turns=Max("turn"),
            calls=Count("pk", filter=is_call),
            errors=Count("pk", filter=is_call & Q(is_error=True)),
            different=Count(call, filter=is_call, distinct=True),
        )
    )
    return {
        row["episode_id"]: Conduct(
            turns=row["turns"],
            calls=row["calls"],
            errors=row["errors"],
            repeats=row["calls"] - row["different"],
        )
        for row in counted
    }
