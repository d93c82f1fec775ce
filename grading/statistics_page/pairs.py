"""The forest of paired differences."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from grading.models import Run
from grading.statistics.pairs import Change, Flips
from grading.statistics_page import drawing
from grading.statistics_page.values import ChangedTask, Forest, PairRow
from grading.summaries.comparisons import Pair
from grading.summaries.runs import RunFigures
from grading.wording import percent
from simulation.pages import Mark
from simulation.wording import counted, listed

SIGNIFICANT = 0.05
CHANGES = 20  # tasks listed for each pair
NAMED = 8  # unmatched tasks named


def forest(run: Run, figures: RunFigures) -> Forest:
    edge = drawing.edge_of([pair.passed.difference for pair in figures.pairs])
    return Forest(
        heading=_heading(figures),
        edge=f"{round(100 * edge)} points",
        rows=tuple(_row(run, pair, edge, figures.against) for pair in figures.pairs),
        empty=_empty(figures),
    )


def verdict(pair: Pair) -> Mark:
    """Say in a word whether the second is ahead, by the adjusted p."""
    p, difference = pair.adjusted_p, pair.passed.difference.value
    if p is None or difference is None:
        return Mark(state="cancelled", word="no common task")
    if p >= SIGNIFICANT:
        return Mark(state="ended", word="cannot be told apart")
    return Mark(state="pass", word="ahead") if difference > 0 else Mark(state="fail", word="behind")


def _heading(figures: RunFigures) -> str:
    if figures.against:
        return f"this run minus “{figures.against.title}”, agent by agent"
    return f"each agent minus {figures.baseline}" if figures.baseline else ""


def _empty(figures: RunFigures) -> str:
    if figures.against:
        return "The other run has no agent of the same name. Choose another run above."
    if not figures.baseline:
        return "Nothing is graded yet, so there is nothing to compare."
    return "This run has one agent. Compare it with another run above, or launch one with two."


def _row(run: Run, pair: Pair, edge: float, against: Run | None) -> PairRow:
    passed = pair.passed
    is_same = pair.first == pair.second
    return PairRow(
        first=f"{pair.first} in run {against.pk}" if is_same and against else pair.first,
        second=pair.second,
        difference=drawing.difference(passed.difference, edge),
        verdict=verdict(pair),
        p=f"p {drawing.p_value(passed.p)}",
        adjusted=f"adjusted {drawing.p_value(pair.adjusted_p)}",
        mcnemar="" if passed.mcnemar is None else f"McNemar p {drawing.p_value(passed.mcnemar)}",
        reward=_reward(pair),
        tasks=_flips(passed.tasks),
        trials=_flips(passed.trials),
        detectable=_detectable(pair),
        needed="" if not pair.tasks_needed else f"5 points: {pair.tasks_needed:,} tasks",
        changes=tuple(_changed(run, change) for change in passed.changes[:CHANGES]),
        more_changes=max(0, len(passed.changes) - CHANGES),
        only_first=_named(passed.only_first),
        only_second=_named(passed.only_second),
    )


def _reward(pair: Pair) -> str:
    value = pair.reward.difference.value
    return "" if value is None else f"{value:+.2f}".replace("-", "−")


def _flips(flips: Flips) -> str:
    return f"{flips.better} better, {flips.worse} worse"


def _detectable(pair: Pair) -> str:
    if pair.detectable is None:
        return "needs two tasks"
    return f"{100 * pair.detectable:.0f} points" if pair.detectable else "all alike"


def _changed(run: Run, change: Change) -> ChangedTask:
    is_better = change.second > change.first
    query = urlencode({"task": change.task})
    return ChangedTask(
        task=change.task,
        url=f"{reverse('grading:run', args=[run.pk])}?{query}",
        word="better" if is_better else "worse",
        before=percent(change.first),
        after=percent(change.second),
    )


def _named(tasks: Sequence[str]) -> str:
    if not tasks:
        return ""
    more = [counted(len(tasks) - NAMED, "other")] if len(tasks) > NAMED else []
    return listed([*tasks[:NAMED], *more])
