"""How agents went about it: turns, calls, errors and identical calls of each episode, in one query.

The database counts; it reads the steps of this run alone, each episode's by the index of steps. A
call is compared as one text in plain order of bytes: rows of columns take twice as long to sort.
"""

from dataclasses import dataclass

from django.db.models import Count, Func, Max, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce, Collate, Length

from grading.models import Run
from grading.models.runs import shown_by
from simulation.faults import TOOL_ERROR
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
    is_made = is_call & ~Q(fault=TOOL_ERROR)  # what was made to fail is not the agent's
    arguments = Coalesce(Cast("arguments", TextField()), "arguments_raw", output_field=TextField())
    call = Func(Value(" "), Length("tool"), "tool", arguments, function="CONCAT_WS",
                output_field=TextField())  # fmt: skip
    counted = (
        Step.objects.filter(*shown_by([run], "episode"), episode__rollout__run=run)
        .order_by()
        .values("episode_id")
        .annotate(
            turns=Max("turn"),
            calls=Count("pk", filter=is_call),
            made=Count("pk", filter=is_made),
            errors=Count("pk", filter=is_made & Q(is_error=True)),
            different=Count(Collate(call, "C"), filter=is_made, distinct=True),
        )
    )
    return {
        row["episode_id"]: Conduct(
            turns=row["turns"],
            calls=row["calls"],
            errors=row["errors"],
            repeats=row["made"] - row["different"],
        )
        for row in counted
    }
