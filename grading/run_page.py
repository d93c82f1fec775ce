"""What the list of runs and the page of a run show, in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.urls import reverse

from grading import wording
from grading.held_out import left_out_of
from grading.models import Rollout, RolloutOutcome, Rubric, Run
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
    Segment,
)
from grading.summaries.attempts import ABANDONED
from grading.summaries.rates import AgentCounts, RunCounts, RunTotals, read_counts, read_totals
from simulation.pages import Choice, Fact, Mark, Notice, Pager
from simulation.wording import counted, duration

ROWS = 100
RUNS = 25
TASKS = 1000  # offered by the filter
LARGEST_OVERVIEW = 2000  # rollouts; larger runs are read by agent and in the table
LIVE = (RolloutOutcome.QUEUED, RolloutOutcome.RUNNING, RolloutOutcome.PAUSED, RolloutOutcome.ENDED)
EPISODE = [
    f"episode__{name}"
    for name in ("step_count", "started_at", "ended_at", "stop_reason", "forgotten_at")
]
Filters = Mapping[str, str]


def outcome_mark(outcome: str) -> Mark:
    state: Any = "running" if outcome == RolloutOutcome.PAUSED else outcome
    return Mark(state=state, word=RolloutOutcome(outcome).label.lower())


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


def run_rows(runs: Iterable[Run]) -> list[RunRow]:
    """Give rows of the list for these runs, in three queries however many they are."""
    chosen = list(runs)
    totals = read_totals(chosen)
    return [_run_row(run, totals[run.pk]) for run in chosen]


def run_page(run: Run, filters: Filters, *, is_fragment: bool = False) -> RunPage:
    """filters: agent, task, outcome and page, as they stand in the address."""
    rollouts = Rollout.objects.shown_in(run).with_outcome(run.official_id)
    counts = read_counts([run])[run.pk]
    agents, outcomes = counts.agents, counts.outcomes
    total = outcomes.total()
    is_live = any(outcomes.get(outcome) for outcome in LIVE)
    narrowed = _narrow(rollouts, filters)
    sheet = Paginator(narrowed, ROWS).get_page(filters.get("page", 1))
    query = urlencode({k: v for k, v in filters.items() if v})
    done = sum(agent.done for agent in agents)
    return RunPage(
        title=run.title,
        kind=run.get_kind_display().capitalize(),
        source=run.source,
        owner=run.owner.get_username(),
        created_at=run.created_at,
        mark=_run_mark(is_live, outcomes),
        is_live=is_live,
        progress_url=f"{reverse('grading:run_progress', args=[run.pk])}?{query}".rstrip("?"),
        done=done,
        total=total,
        segments=tuple(_segments(outcomes, total)),
        facts=_run_facts(outcomes),
        agents=tuple(_agent_summary(run, agent) for agent in agents),
        overview=tuple(_overview(run, rollouts, agents)) if total <= LARGEST_OVERVIEW else (),
        filter=_filter(run, counts, outcomes, filters),
        rollouts=tuple(_rollout_rows(run, sheet)),
        rollouts_count=counted(sheet.paginator.count, "rollout"),
        pager=_pager(sheet, reverse("grading:run", args=[run.pk]), filters),
        notice=_run_notice(outcomes),
        left_out=left_out_of(run).words,
        is_fragment=is_fragment,
        announcement="" if is_live else f"The run has ended: {done} of {total} episodes.",
    )


def agent_rates(runs: Sequence[Run]) -> list[list[tuple[str, Rate | None]]]:
    """Give (agent, rate) of each run's graded rollouts, for small pictures, in one query."""
    counts = read_counts(runs)
    return [
        [(agent.agent, wording.clustered_rate(agent.passed)) for agent in counts[run.pk].agents]
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


def _run_row(run: Run, totals: RunTotals) -> RunRow:
    return RunRow(
        title=run.title,
        url=reverse("grading:run", args=[run.pk]),
        kind=run.get_kind_display().capitalize(),
        source=run.source,
        mark=_list_mark(totals.waiting, totals.parked),
        agents=totals.agents,
        done=totals.done,
        total=totals.total,
        rate=wording.clustered_rate(totals.passed),
        mean_reward=wording.reward(totals.mean_reward),
        masked=totals.masked,
        incomplete=totals.incomplete,
        owner=run.owner.get_username(),
        created_at=run.created_at,
    )


def _list_mark(waiting: int, parked: int) -> Mark:
    if waiting:
        return Mark(state="running", word="running")
    return Mark(state="parked", word="parked") if parked else Mark(state="ended", word="ended")


def _run_mark(is_live: bool, outcomes: Mapping[str, int]) -> Mark:
    if is_live and outcomes.keys() == {RolloutOutcome.QUEUED}:
        return Mark(state="queued", word="queued")
    return _list_mark(int(is_live), outcomes.get(RolloutOutcome.PARKED, 0))


def _segments(outcomes: Mapping[str, int], total: int) -> Iterable[Segment]:
    start = 0.0
    for outcome in RolloutOutcome:
        if count := outcomes.get(outcome, 0):
            mark, share = outcome_mark(outcome), 100 * count / total
            yield Segment(state=mark.state, word=mark.word, count=count, start=start, share=share)
            start += share


def _run_facts(outcomes: Mapping[str, int]) -> tuple[Fact, ...]:
    passed, failed = (outcomes.get(word, 0) for word in (RolloutOutcome.PASS, RolloutOutcome.FAIL))
    incomplete = outcomes.get(RolloutOutcome.INCOMPLETE, 0)
    masked = sum(outcomes.get(word, 0) for word in ABANDONED)
    return (
        Fact(label="graded", value=str(passed + failed), detail=f"{passed} pass, {failed} fail"),
        Fact(label="incomplete", value=str(incomplete), detail="no reward"),
        Fact(label="masked", value=str(masked), detail="not counted"),
    )


def _run_notice(outcomes: Mapping[str, int]) -> Notice | None:
    if parked := outcomes.get(RolloutOutcome.PARKED, 0):
        title = f"{counted(parked, 'episode')} parked"
        text = "Something of ours failed. Open one to see why; an admin can release it."
        return Notice(tone="warn", title=title, text=text)
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


def _narrow(rollouts: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    for name, field in (("agent", "agent"), ("task", "subject"), ("outcome", "outcome")):
        if value := filters.get(name):
            rollouts = rollouts.filter(**{field: value})
    return rollouts


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
        stop_reason=episode.stop_reason.replace("_", " "),
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
    words = [(outcome.value, outcome.label) for outcome in RolloutOutcome if outcomes.get(outcome)]
    return RunFilter(
        agents=_choices("all agents", agents, filters.get("agent")),
        tasks=_choices("all tasks", tasks, filters.get("task")),
        outcomes=_choices("all outcomes", words, filters.get("outcome")),
        is_active=any(filters.get(name) for name in ("agent", "task", "outcome")),
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
