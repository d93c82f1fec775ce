"""What the list of runs and the page of a run show, in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Avg, Count, F, Min, Q, QuerySet
from django.urls import reverse

from grading import wording
from grading.models import Assessment, Rollout, RolloutOutcome, Run
from grading.pages import (
    AgentSummary,
    OverviewRow,
    RolloutMark,
    RolloutRow,
    RunFilter,
    RunPage,
    RunRow,
    RunsPage,
    Segment,
)
from grading.statistics.rates import wilson
from simulation.pages import Choice, Fact, Mark, Notice, Pager
from simulation.stops import MASKED
from simulation.wording import counted, duration

ROWS = 100
RUNS = 25
LARGEST_OVERVIEW = 2000  # rollouts; larger runs are read by agent and in the table
DONE = Q(episode__ended_at__isnull=False)
LIVE = (RolloutOutcome.QUEUED, RolloutOutcome.RUNNING, RolloutOutcome.PAUSED, RolloutOutcome.ENDED)
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
    """Give rows of the list for these runs, in two queries however many they are."""
    chosen = list(runs)
    ids = [run.pk for run in chosen]
    by_run: dict[int, list[dict[str, Any]]] = {pk: [] for pk in ids}
    for row in _counts(Rollout.objects.filter(run__in=ids), "run", "agent"):
        by_run[row["run"]].append(row)
    official = Assessment.objects.filter(rollout__run__in=ids, grading=F("rollout__run__official"))
    graded = {
        row["rollout__run"]: row
        for row in official.values("rollout__run").annotate(
            passed=Count("pk", filter=Q(passed=True)),
            graded=Count("pk", filter=Q(status="graded")),
            incomplete=Count("pk", filter=Q(status="incomplete")),
            mean=Avg("reward"),
        )
    }
    return [_run_row(run, by_run[run.pk], graded.get(run.pk, {})) for run in chosen]


def run_page(run: Run, filters: Filters, *, is_fragment: bool = False) -> RunPage:
    """filters: agent, task, outcome and page, as they stand in the address."""
    rollouts = Rollout.objects.filter(run=run).with_outcome(run.official_id)
    agents = list(_agent_rows(rollouts))
    outcomes = dict(rollouts.order_by().values_list("outcome").annotate(Count("pk")))
    total = sum(outcomes.values())
    is_live = any(outcomes.get(outcome) for outcome in LIVE)
    narrowed = _narrow(rollouts, filters)
    sheet = Paginator(narrowed, ROWS).get_page(filters.get("page", 1))
    query = urlencode({k: v for k, v in filters.items() if v})
    done = sum(agent["done"] for agent in agents)
    return RunPage(
        title=run.title,
        kind=run.get_kind_display(),
        source=run.source,
        owner=run.owner.get_username(),
        created_at=run.created_at,
        mark=_run_mark(is_live, outcomes),
        is_live=is_live,
        progress_url=f"{reverse('grading:run_progress', args=[run.pk])}?{query}".rstrip("?"),
        done=done,
        total=total,
        segments=tuple(_segments(outcomes, total)),
        facts=_run_facts(agents),
        agents=tuple(_agent_summary(run, row) for row in agents),
        overview=tuple(_overview(run, rollouts, agents)) if total <= LARGEST_OVERVIEW else (),
        filter=_filter(run, rollouts, agents, outcomes, filters),
        rollouts=tuple(_rollout_row(run, rollout) for rollout in sheet.object_list),
        rollouts_count=counted(sheet.paginator.count, "rollout"),
        pager=_pager(sheet, reverse("grading:run", args=[run.pk]), filters),
        notice=_run_notice(outcomes),
        is_fragment=is_fragment,
        announcement="" if is_live else f"The run has ended: {done} of {total} episodes.",
    )


def agent_rates(run: Run) -> list[tuple[str, Any]]:
    """Give (agent, rate) of a run's graded rollouts, for small pictures."""
    rollouts = Rollout.objects.filter(run=run).with_outcome(run.official_id)
    return [(row["agent"], wording.rate(_rate(row))) for row in _agent_rows(rollouts)]


def _counts(rollouts: QuerySet[Any], *group: str) -> Any:
    waiting = Q(episode__status__in=["queued", "running", "paused"])
    return (
        rollouts.order_by()
        .values(*group)
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=DONE),
            waiting=Count("pk", filter=waiting),
            parked=Count("pk", filter=Q(episode__status="parked")),
            masked=Count("pk", filter=Q(episode__stop_reason__in=MASKED)),
        )
        .order_by(*group)
    )


def _agent_rows(rollouts: QuerySet[Any]) -> Any:
    """Count one agent's rollouts by outcome, agents in the order of their first rollout."""
    counts = {
        word: Count("pk", filter=Q(outcome=word))
        for word in (RolloutOutcome.PASS, RolloutOutcome.FAIL, RolloutOutcome.INCOMPLETE)
    }
    return (
        rollouts.order_by()
        .values("agent")
        .annotate(
            first=Min("pk"),
            total=Count("pk"),
            done=Count("pk", filter=DONE),
            masked=Count("pk", filter=Q(outcome__in=["masked", "cancelled"])),
            mean=Avg("graded__reward"),
            steps=Avg("episode__step_count", filter=DONE),
            **{f"n_{word.value}": count for word, count in counts.items()},
        )
        .order_by("first")
    )


def _rate(row: Mapping[str, Any]) -> Any:
    return wilson(row["n_pass"], row["n_pass"] + row["n_fail"])


def _agent_summary(run: Run, row: Mapping[str, Any]) -> AgentSummary:
    return AgentSummary(
        name=row["agent"],
        url=f"{reverse('grading:run', args=[run.pk])}?{urlencode({'agent': row['agent']})}",
        detail="",
        rate=wording.rate(_rate(row)),
        mean_reward=wording.reward(row["mean"]),
        done=row["done"],
        total=row["total"],
        masked=row["masked"],
        incomplete=row["n_incomplete"],
        mean_steps="" if row["steps"] is None else f"{row['steps']:.1f}",
    )


def _run_row(run: Run, agents: list[dict[str, Any]], graded: Mapping[str, Any]) -> RunRow:
    def total(name: str) -> int:
        return sum(row[name] for row in agents)

    graded_count = graded.get("graded", 0)
    mark = _list_mark(total("waiting"), total("parked"))
    return RunRow(
        title=run.title,
        url=reverse("grading:run", args=[run.pk]),
        kind=run.get_kind_display(),
        source=run.source,
        mark=mark,
        agents=tuple(row["agent"] for row in agents),
        done=total("done"),
        total=total("total"),
        rate=wording.rate(wilson(graded.get("passed", 0), graded_count)),
        mean_reward=wording.reward(graded.get("mean")),
        masked=total("masked"),
        incomplete=graded.get("incomplete", 0),
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


def _run_facts(agents: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    rows = list(agents)
    passed, failed = (sum(row[name] for row in rows) for name in ("n_pass", "n_fail"))
    incomplete, masked = (sum(row[name] for row in rows) for name in ("n_incomplete", "masked"))
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
    run: Run, rollouts: QuerySet[Any], agents: Iterable[Mapping[str, Any]]
) -> Iterable[OverviewRow]:
    names = [row["agent"] for row in agents]
    cells: dict[str, dict[str, list[RolloutMark]]] = {}
    listed = rollouts.order_by("subject", "index").values(
        "pk", "subject", "agent", "index", "outcome"
    )
    for row in listed:
        mark = outcome_mark(row["outcome"])
        label = f"{row['subject']}, {row['agent']} #{row['index']}: {mark.word}"
        url = reverse("grading:episode", args=[run.pk, row["pk"]])
        by_agent = cells.setdefault(row["subject"], {name: [] for name in names})
        by_agent[row["agent"]].append(RolloutMark(state=mark.state, url=url, label=label))
    base = reverse("grading:run", args=[run.pk])
    for subject, by_agent in cells.items():
        yield OverviewRow(
            task=subject,
            url=f"{base}?{urlencode({'task': subject})}",
            cells=tuple(tuple(by_agent[name]) for name in names),
        )


def _narrow(rollouts: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    for name, field in (("agent", "agent"), ("task", "subject"), ("outcome", "outcome")):
        if value := filters.get(name):
            rollouts = rollouts.filter(**{field: value})
    whole: QuerySet[Any] = rollouts.select_related("episode").annotate(
        reward=F("graded__reward"), rubric=F("graded__rubric__content")
    )
    return whole


def _rollout_row(run: Run, rollout: Any) -> RolloutRow:
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
        points=wording.points(rollout.reward, rollout.rubric or {}),
        reward=wording.reward(rollout.reward),
        steps=str(episode.step_count),
        duration=duration(length),
        stop_reason=episode.stop_reason.replace("_", " "),
    )


def _has_length(episode: Any) -> bool:
    return bool(episode.ended_at and episode.started_at)


def _filter(
    run: Run,
    rollouts: QuerySet[Any],
    agents: Iterable[Mapping[str, Any]],
    outcomes: Mapping[str, int],
    filters: Filters,
) -> RunFilter:
    tasks = rollouts.order_by("subject").values_list("subject", flat=True).distinct()
    words = [(outcome.value, outcome.label) for outcome in RolloutOutcome if outcomes.get(outcome)]
    return RunFilter(
        agents=_choices("all agents", [(a["agent"],) * 2 for a in agents], filters.get("agent")),
        tasks=_choices("all tasks", [(task, task) for task in tasks[:1000]], filters.get("task")),
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
