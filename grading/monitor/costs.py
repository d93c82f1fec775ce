"""What runs have cost in all, for lists of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache
from django.db.models import F
from redis.exceptions import RedisError

from grading.judging.costs import spent_by
from grading.models import JudgeCall, ReplacedEpisode, Rollout, Run
from grading.models.runs import shown_by
from grading.monitor.used import NOTHING, sums_of, used_of
from grading.summaries.rates import RunTotals

LARGE = 200  # rollouts: a run that has more is not summed up each time that somebody looks
AGE_LIVE, AGE_ENDED = 15, 600  # seconds that its sum is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCost:
    """USD and tokens of agents, customers and judges, attempts that were tried again included."""

    cost: Decimal = NOTHING
    tokens: int = 0

    def __add__(self, other: "RunCost") -> "RunCost":
        return RunCost(cost=self.cost + other.cost, tokens=self.tokens + other.tokens)


def read_costs(runs: Sequence[Run], totals: Mapping[int, RunTotals]) -> dict[int, RunCost]:
    """Give it for each of these runs, in three queries at most; of large ones as it was lately."""
    names = {run.pk: _name(run, totals[run.pk]) for run in runs if totals[run.pk].total > LARGE}
    known = _kept(names)
    summed = _sum([run for run in runs if run.pk not in known])
    for age, is_live in ((AGE_LIVE, True), (AGE_ENDED, False)):
        of_age = [pk for pk in summed if pk in names and bool(totals[pk].waiting) is is_live]
        _keep({names[pk]: summed[pk] for pk in of_age}, age)
    return known | summed


def _sum(runs: Sequence[Run]) -> dict[int, RunCost]:
    found = {run.pk: RunCost() for run in runs}
    if not runs:
        return found
    rollouts = Rollout.objects.shown_in(*runs).order_by().values("run")
    replaced = ReplacedEpisode.objects.filter(*shown_by(runs, "episode"), rollout__run__in=runs)
    tried_again = replaced.order_by().values(run=F("rollout__run"))
    for rows in (rollouts, tried_again):
        for row in rows.annotate(**sums_of("episode")):
            used = used_of(row)
            cost, tokens = used.cost + used.customer_cost, used.tokens + used.customer_tokens
            found[row["run"]] += RunCost(cost=cost, tokens=tokens)
    shown = shown_by(runs, "assessment__rollout__episode")
    calls = JudgeCall.objects.filter(*shown, assessment__grading__run__in=runs)
    for pk, spent in spent_by(calls, "assessment__grading__run").items():
        found[pk] += RunCost(cost=spent.cost, tokens=spent.prompt + spent.completion)
    return found


def _name(run: Run, totals: RunTotals) -> str:
    """Name a sum by all that it depends on and that is known anyway."""
    state = "live" if totals.waiting else f"{totals.done}-{totals.masked}-{totals.parked}"
    made = int(run.created_at.timestamp() * 1000)
    shown = f"{run.official_id}:{int(run.hides_held_out)}"
    return f"run-cost:{run.pk}:{made}:{shown}:{state}"


def _kept(names: Mapping[int, str]) -> dict[int, RunCost]:
    """Give what is known; nothing while the cache is down, which costs time alone."""
    try:
        found = cache.get_many(names.values()) if names else {}
    except (RedisError, OSError):
        return {}
    return {pk: found[name] for pk, name in names.items() if name in found}


def _keep(costs: Mapping[str, RunCost], age: int) -> None:
    try:
        if costs:
            cache.set_many(dict(costs), timeout=age)
    except (RedisError, OSError):
        return
