"""What the list of runs and the page of a run show, in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet, prefetch_related_objects
from django.urls import reverse

from grading import wording
from grading.held_out import left_out_of
from grading.marks import outcome_mark
from grading.models import Rollout, RolloutOutcome, Rubric, Run
from grading.models.runs import LIVE
from grading.monitor.bars import segments
from grading.monitor.costs import RunCost, read_costs
from grading.monitor.page import monitor_panel
from grading.pages import (
    AgentSummary,
    OverviewRow,
    Rate,
    RolloutMark,
    RolloutRow,
    RunFilter,
    RunPage,
    RunRow,
    RunsPage,
)
from grading.scopes import narrowed
from grading.stop_words import stop_words
from grading.summaries.alike import pass_rate, results_by_agent
from grading.summaries.rates import AgentCounts, RunCounts, RunTotals, read_counts, read_totals
from simulation.fault_words import summary
from simulation.faults import read_faults
from simulation.pages import Choice, Mark, Notice, Pager
from simulation.stops import StopReason
from simulation.wording import counted, duration

ROWS = 100
RUNS = 25
TASKS = 1000  # offered by the filter
LARGEST_OVERVIEW = 2000  # rollouts; larger runs are read by agent and in the table
LARGE = 10_000  # rollouts
EPISODE = [
    f"episode__{name}"
    for name in ("step_count", "started_at", "ended_at", "stop_reason", "forgotten_at")
]
Filters = Mapping[str, str]
FILTERS = ("agent", "task", "outcome", "stop")
PAUSED = Mark(state="paused", word="paused")


def runs_page(runs: QuerySet[Run], *, kind: str, page: int) -> RunsPage:
    """runs: those that this person may see."""
    kinds = dict(runs.order_by().values_list("kind").annotate(Count("pk")))
    chosen = runs.filter(kind=kind) if kind else runs
    sheet = Paginator(chosen.select_related("owner"), RUNS).get_page(page)
    return RunsPage(
        rows=tuple(run_rows(sheet.object_list)),
        count=counted(sheet.paginator.count, "run"),
        kinds=tuple(_kinds(kinds, kind)) if kinds else (),
        is_filtered=bool(kind),
        pager=_pager(sheet, reverse("grading:runs"), {"kind": kind}),
    )


def run_rows(runs: Iterable[Run], *, with_costs: bool = True) -> list[RunRow]:
    """Give rows of the list for these runs, in seven queries however many they are; in four without
    what they have cost."""
    chosen = list(runs)
    prefetch_related_objects(chosen, "lane")
    totals = read_totals(chosen)
    costs = read_costs(chosen, totals) if with_costs else {}
    return [_run_row(run, totals[run.pk], costs.get(run.pk, RunCost())) for run in chosen]


def run_page(run: Run, filters: Filters, *, is_fragment: bool = False) -> RunPage:
    """filters: agent, task, outcome, stop and page, as they stand in the address."""
    rollouts = Rollout.objects.shown_in(run).with_outcome(run.official_id)
    counts = read_counts([run])[run.pk]
    agents, outcomes = counts.agents, counts.outcomes
    total = outcomes.total()
    is_live = any(outcomes.get(outcome) for outcome in LIVE)
    sheet = Paginator(narrowed(rollouts, filters), ROWS).get_page(filters.get("page", 1))
    query = query_of(filters)
    done = sum(agent.done for agent in agents)
    return RunPage(
        title=run.title,
        kind=run.get_kind_display().capitalize(),
        source=run.source,
        owner=run.owner.get_username(),
        created_at=run.created_at,
        mark=_mark(run, is_live, outcomes),
        is_live=is_live,
        poll_seconds=_poll_seconds(total),
        progress_url=f"{reverse('grading:run_progress', args=[run.pk])}{query}",
        query=query,
        done=done,
        total=total,
        segments=tuple(segments(outcomes, total)),
        monitor=monitor_panel(run, counts),
        agents=tuple(_agent_summary(run, agent) for agent in agents),
        overview=tuple(_overview(run, rollouts, agents)) if total <= LARGEST_OVERVIEW else (),
        filter=_filter(run, counts, outcomes, filters),
        rollouts=tuple(_rollout_rows(run, sheet)),
        rollouts_count=counted(sheet.paginator.count, "rollout"),
        pager=_pager(sheet, reverse("grading:run", args=[run.pk]), filters),
        notice=_run_notice(outcomes),
        left_out=left_out_of(run).words,
        faults=_faults(run),
        is_fragment=is_fragment,
        announcement="" if is_live else f"The run has ended: {done} of {total} episodes.",
    )


def _poll_seconds(rollouts: int) -> int:
    """Say how often a page asks: what reads 100,000 rollouts takes more than a second."""
    if rollouts <= LARGEST_OVERVIEW:
        return 2
    return 5 if rollouts <= LARGE else 15


def query_of(filters: Filters) -> str:
    """Give what an address of a run ends with to keep these filters."""
    kept = urlencode({name: value for name, value in filters.items() if value})
    return f"?{kept}" if kept else ""


def _faults(run: Run) -> str:
    """Say what the run makes go wrong on purpose; tasks with faults of their own keep those."""
    asked = run.request.get("faults")
    return summary(read_faults(asked)) if asked else ""


def with_problem(page: RunPage, *, limit: str, problem: str) -> RunPage:
    """Show the page with a limit that was refused, and why."""
    steering = replace(page.monitor.steering, limit=limit, problem=problem)
    return replace(page, monitor=replace(page.monitor, steering=steering))


def agent_rates(runs: Sequence[Run]) -> list[list[tuple[str, Rate | None]]]:
    """Give (agent, rate) of each run's graded rollouts, for small pictures, in one query."""
    results = results_by_agent(runs)
    return [
        [(agent, wording.clustered_rate(pass_rate(its))) for agent, its in results[run.pk].items()]
        for run in runs
    ]


def _agent_summary(run: Run, counts: AgentCounts) -> AgentSummary:
    mean_steps = counts.mean_steps
    return AgentSummary(
        name=counts.agent,
        url=f"{reverse('grading:run', args=[run.pk])}?{urlencode({'agent': counts.agent})}",
        detail="",
        rate=wording.clustered_rate(counts.passed),
        mean_reward=wording.reward(counts.reward.value),
        done=counts.done,
        total=counts.outcomes.total(),
        masked=counts.masked,
        incomplete=counts.outcomes[RolloutOutcome.INCOMPLETE],
        mean_steps="" if mean_steps is None else f"{mean_steps:.1f}",
    )


def _run_row(run: Run, totals: RunTotals, spent: RunCost) -> RunRow:
    return RunRow(
        title=run.title,
        url=reverse("grading:run", args=[run.pk]),
        kind=run.get_kind_display().capitalize(),
        source=run.source,
        mark=_run_mark(run, totals.waiting, totals.parked),
        agents=totals.agents,
        done=totals.done,
        total=totals.total,
        rate=wording.clustered_rate(totals.passed),
        mean_reward=wording.reward(totals.mean_reward),
        masked=totals.masked,
        incomplete=totals.incomplete,
        cost=wording.usd(spent.cost) if spent.cost or spent.tokens else "",
        tokens=f"{spent.tokens:,} tokens" if spent.tokens else "",
        owner=run.owner.get_username(),
        created_at=run.created_at,
        faults=_faults(run),
    )


def _mark(run: Run, is_live: bool, outcomes: Mapping[str, int]) -> Mark:
    mark = _run_mark(run, int(is_live), outcomes.get(RolloutOutcome.PARKED, 0))
    is_queued = is_live and outcomes.keys() == {RolloutOutcome.QUEUED}
    return Mark(state="queued", word="queued") if is_queued and mark != PAUSED else mark


def _run_mark(run: Run, waiting: int, parked: int) -> Mark:
    if waiting:
        is_paused = run.lane and run.lane.paused_at
        return PAUSED if is_paused else Mark(state="running", word="running")
    return Mark(state="parked", word="parked") if parked else Mark(state="ended", word="ended")


def _run_notice(outcomes: Mapping[str, int]) -> Notice | None:
    if incomplete := outcomes.get(RolloutOutcome.INCOMPLETE, 0):
        title = f"{counted(incomplete, 'rollout')} without a complete grading"
        text = "A grader could not decide. They have no reward and are in no mean."
        return Notice(tone="warn", title=title, text=text)
    return None


def _overview(
    run: Run, rollouts: QuerySet[Any], agents: Iterable[AgentCounts]
) -> Iterable[OverviewRow]:
    names = [agent.agent for agent in agents]
    cells: dict[str, dict[str, list[RolloutMark]]] = {}
    episodes = _episodes(run)
    listed = rollouts.order_by("subject", "index").values(
        "pk", "subject", "agent", "index", "outcome"
    )
    for row in listed:
        mark = outcome_mark(row["outcome"])
        label = f"{row['subject']}, {row['agent']} #{row['index']}: {mark.word}"
        url = f"{episodes}{row['pk']}/"
        by_agent = cells.setdefault(row["subject"], {name: [] for name in names})
        by_agent[row["agent"]].append(RolloutMark(state=mark.state, url=url, label=label))
    base = reverse("grading:run", args=[run.pk])
    for subject, by_agent in cells.items():
        yield OverviewRow(
            task=subject,
            url=f"{base}?{urlencode({'task': subject})}",
            cells=tuple(tuple(by_agent[name]) for name in names),
        )


def _episodes(run: Run) -> str:
    """Give what the addresses of a run's episodes begin with."""
    return reverse("grading:episode", args=[run.pk, 0]).removesuffix("0/")


def _rollout_rows(run: Run, sheet: Any) -> Iterable[RolloutRow]:
    """Read what the rows show and no more: what an episode was asked is long."""
    shown = list(
        sheet.object_list.select_related("episode")
        .annotate(reward=F("graded__reward"), rubric=F("graded__rubric"))
        .only("run_id", "subject", "agent", "index", "labels", *EPISODE)
    )
    rubrics = Rubric.objects.in_bulk({rollout.rubric for rollout in shown} - {None})
    for rollout in shown:
        rubric = rubrics.get(rollout.rubric)
        yield _rollout_row(run, rollout, rubric.content if rubric else {})


def _rollout_row(run: Run, rollout: Any, rubric: Mapping[str, Any]) -> RolloutRow:
    episode = rollout.episode
    length = episode.ended_at - episode.started_at if _has_length(episode) else None
    return RolloutRow(
        pk=rollout.pk,
        url=reverse("grading:episode", args=[run.pk, rollout.pk]),
        task=rollout.subject,
        title=rollout.labels.get("title") or rollout.task,
        agent=rollout.agent,
        index=rollout.index,
        mark=outcome_mark(rollout.outcome),
        points=wording.points(rollout.reward, rubric),
        reward=wording.reward(rollout.reward),
        steps=str(episode.step_count),
        duration=duration(length),
        stop_reason=stop_words(episode.stop_reason),
        is_truncated=episode.is_truncated,
        is_forgotten=episode.is_forgotten,
    )


def _has_length(episode: Any) -> bool:
    return bool(episode.ended_at and episode.started_at)


def _filter(
    run: Run, counts: RunCounts, outcomes: Mapping[str, int], filters: Filters
) -> RunFilter:
    agents = [(agent.agent,) * 2 for agent in counts.agents]
    tasks = [(task, task) for task in counts.tasks[:TASKS]]
    stops = [(stop.value, stop_words(stop)) for stop in StopReason]
    words = [(outcome.value, outcome.label) for outcome in RolloutOutcome if outcomes.get(outcome)]
    return RunFilter(
        agents=_choices("all agents", agents, filters.get("agent")),
        tasks=_choices("all tasks", tasks, filters.get("task")),
        outcomes=_choices("all outcomes", words, filters.get("outcome")),
        stops=_choices("any reason", stops, filters.get("stop")),
        is_active=any(filters.get(name) for name in FILTERS),
        clear_url=reverse("grading:run", args=[run.pk]),
    )


def _choices(
    every: str, options: Iterable[tuple[str, ...]], selected: str | None
) -> tuple[Choice, ...]:
    pairs = [("", every), *options]
    return tuple(
        Choice(value=value, label=label.lower(), is_selected=value == (selected or ""))
        for value, label in pairs
    )


def _kinds(kinds: Mapping[str, int], selected: str) -> Iterable[Choice]:
    base = reverse("grading:runs")
    every = str(sum(kinds.values()))
    yield Choice(value="", label="all", is_selected=not selected, url=base, count=every)
    for kind in Run.Kind:
        if kind in kinds:
            url, count = f"{base}?kind={kind.value}", str(kinds[kind])
            is_selected = selected == kind
            yield Choice(
                value=kind, label=kind.label, is_selected=is_selected, url=url, count=count
            )


def _pager(sheet: Any, base: str, filters: Filters) -> Pager | None:
    if sheet.paginator.num_pages < 2:
        return None

    def url(number: int) -> str:
        kept = {name: value for name, value in filters.items() if value and name != "page"}
        return f"{base}?{urlencode({**kept, 'page': number})}"

    return Pager(
        text=f"{sheet.start_index():,} to {sheet.end_index():,} of {sheet.paginator.count:,}",
        previous_url=url(sheet.previous_page_number()) if sheet.has_previous() else "",
        next_url=url(sheet.next_page_number()) if sheet.has_next() else "",
    )
