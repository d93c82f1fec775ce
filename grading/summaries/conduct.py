"""How agents went about it: turns, calls, errors and identical calls of each episode, in one query.

The database counts; it reads the steps of this run alone, each episode's by the index of steps. A
call is compared as one text in plain order of bytes: rows of columns take twice as long to sort.
Steps of an ended episode never change, so that a process counts them once.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Func, Max, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce, Collate, Length

from grading.models import Run
from grading.models.runs import shown_by
from grading.summaries.attempts import Attempt
from simulation.faults import TOOL_ERROR
from simulation.models import Step

KEPT = 20_000  # episodes whose conduct stays in memory, some 6 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """Of one episode; `repeats` are calls of a tool with arguments that it was called with before.

    Order and spaces of the arguments make no difference.
    """

    turns: int = 0
    calls: int = 0
    errors: int = 0
    repeats: int = 0


NO_STEPS = Conduct()
_kept: OrderedDict[tuple[int, datetime | None], Conduct] = OrderedDict()


def conduct_of(run: Run, attempts: Collection[Attempt]) -> dict[int, Conduct]:
    """Give the conduct of a run's attempts by episode, without a query where all are known.

    An episode without steps may not be there.
    """
    there = [attempt for attempt in attempts if not attempt.is_forgotten]
    kept = {each.episode: _kept.get((each.episode, each.ended_at)) for each in there}
    known = {episode: conduct for episode, conduct in kept.items() if conduct is not None}
    if len(known) == len(kept):
        return known
    found = read_conduct(run)
    for each in there:
        if each.ended_at is not None:
            _kept[each.episode, each.ended_at] = found.get(each.episode, NO_STEPS)
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return found


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
