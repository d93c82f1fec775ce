"""The rows of agents: rates, curves over k, repeats, groups, conduct and failures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from django.urls import reverse

from grading.models import FailureKind, FailureLevel, Run
from grading.statistics.figures import Figure
from grading.statistics.repeats import Spread
from grading.statistics_page import drawing
from grading.statistics_page.values import (
    AgentRow,
    Bar,
    BarGroup,
    BarSection,
    ConductRow,
    Curves,
    FailureRow,
    KRow,
    Point,
    StripRow,
    Tick,
)
from grading.summaries.agents import AgentFigures, Counts, Group
from grading.wording import basis, percent
from simulation.wording import counted, listed, spoken

HEIGHT = 140  # pixels of a drawing of curves
MARK, STACK = 8, 8  # pixels above and below a mark, and between repeats of the same rate
HIGHEST = 8  # marks of a stack
GRID = (0, 50, 100)
TITLES = {"category": "Category", "difficulty": "Difficulty", "target_level": "Target level"}
ORDER = ("easy", "medium", "hard")
CONDUCT = (
    ("turns", "Turns"),
    ("calls", "Tool calls"),
    ("errors", "Tool errors"),
    ("repeats", "Identical repeats"),
)


def agent_row(run: Run, figures: AgentFigures) -> AgentRow:
    query = urlencode({"agent": figures.agent})
    return AgentRow(
        agent=figures.agent,
        url=f"{reverse('grading:run', args=[run.pk])}?{query}",
        passed=drawing.share(figures.passed),
        reward=drawing.hundredths(figures.reward),
        counts=basis(figures.passed),
        left_out=_left_out(figures.counts),
    )


def curves(figures: AgentFigures) -> Curves:
    ks = figures.over_k
    any_points = _points([each.any_passes for each in ks])
    all_points = _points([each.all_pass for each in ks])
    missing = [each for each in ks if each.any_passes.value is None]
    return Curves(
        agent=figures.agent,
        any_points=any_points,
        all_points=all_points,
        any_line=_line(any_points),
        all_line=_line(all_points),
        labels=tuple((_x(place, len(ks)), each.k) for place, each in enumerate(ks)),
        rows=tuple(
            KRow(
                k=each.k,
                any_passes=drawing.share(each.any_passes),
                all_pass=drawing.share(each.all_pass),
            )
            for each in ks
        ),
        summary=_curves_said(figures),
        why=f"No number from k = {missing[0].k} on: {missing[0].any_passes.why}."
        if missing
        else "",
    )


def strip_row(figures: AgentFigures) -> StripRow:
    spread = figures.repeats
    rates = [f"#{index} {percent(share.value)}" for index, share in spread.rates.items()]
    deviation, floor = spread.deviation, _floor(spread)
    return StripRow(
        agent=figures.agent,
        height=floor + MARK,
        floor=floor,
        grid=GRID,
        ticks=_ticks(spread, floor),
        rates=tuple(rates),
        deviation="" if deviation is None else f"{100 * deviation:.1f} points",
        why=spread.why,
    )


def sections(agents: Sequence[AgentFigures]) -> Iterable[BarSection]:
    for label, title in TITLES.items():
        names = {group.name for agent in agents for group in agent.groups if group.label == label}
        if names:
            groups = tuple(_bar_group(agents, label, name) for name in sorted(names, key=_rank))
            yield BarSection(key=label, title=title, groups=groups)
    categories = sorted({category for agent in agents for category in agent.criteria})
    if categories:
        groups = tuple(
            BarGroup(
                name=spoken(category),
                bars=tuple(
                    Bar(
                        agent=agent.agent,
                        drawn=drawing.share(agent.criteria[category], unit="verdict"),
                        reward="",
                    )
                    for agent in agents
                    if category in agent.criteria
                ),
            )
            for category in categories
        )
        yield BarSection(key="criteria", title="Criteria fulfilled, by category", groups=groups)


def conduct_row(figures: AgentFigures) -> ConductRow:
    conduct = figures.conduct
    means = [(title, drawing.number(getattr(conduct, name))) for name, title in CONDUCT]
    truncated = ("Truncated", drawing.share(conduct.truncated))
    return ConductRow(
        agent=figures.agent, cells=(*means, truncated), basis=basis(conduct.turns, "episode")
    )


def failure_row(figures: AgentFigures) -> FailureRow | None:
    failures = figures.failures
    if failures is None:
        return None
    kinds = sorted(failures.kinds.items(), key=lambda item: (-item[1], item[0]))
    return FailureRow(
        agent=figures.agent,
        noted=counted(failures.noted, "rollout"),
        levels=tuple(
            (
                f"{level.value} {level.label}",
                failures.levels.get(level.value, 0),
                round(100 * failures.levels.get(level.value, 0) / failures.noted, 2),
            )
            for level in FailureLevel
        ),
        kinds=", ".join(f"{FailureKind(kind).label} {count}" for kind, count in kinds),
    )


def _left_out(counts: Counts) -> str:
    words = [
        f"{number} {word}"
        for number, word in (
            (counts.masked, "masked"),
            (counts.incomplete, "incomplete"),
            (counts.unfinished, "not graded yet"),
        )
        if number
    ]
    if missing := counts.tasks - counts.graded_tasks:
        words.append(f"{counted(missing, 'task')} without any graded trial")
    return listed(words)


def _curves_said(figures: AgentFigures) -> str:
    """Say what the last k shows that every task has trials for."""
    known = [
        (each.k, each.any_passes.value, each.all_pass.value)
        for each in figures.over_k
        if each.any_passes.value is not None and each.all_pass.value is not None
    ]
    if not known:
        return ""
    k, some, every = known[-1]
    if k == 1:
        return drawing.unbroken(f"One trial passes {percent(some)} of the time.")
    said = (
        f"Of {k} trials at least one passes {percent(some)} of the time, all pass {percent(every)}."
    )
    return drawing.unbroken(said)


def _points(figures: Sequence[Figure]) -> tuple[Point, ...]:
    return tuple(
        Point(
            x=_x(place, len(figures)),
            y=_y(figure.value),
            low=None if figure.interval.low is None else _y(figure.interval.low),
            high=None if figure.interval.high is None else _y(figure.interval.high),
        )
        for place, figure in enumerate(figures)
        if figure.value is not None
    )


def _x(place: int, count: int) -> float:
    return round(100 * (place + 0.5) / count, 2)


def _y(value: float) -> float:
    return round(HEIGHT * (1 - value), 1)


def _line(points: Sequence[Point]) -> str:
    return " ".join(f"{point.x},{round(100 * point.y / HEIGHT, 2)}" for point in points)


def _floor(spread: Spread) -> int:
    most = max(Counter(share.value for share in spread.rates.values()).values(), default=1)
    return MARK + STACK * (min(most, HIGHEST) - 1)


def _ticks(spread: Spread, floor: int) -> tuple[Tick, ...]:
    """Stack repeats of the same rate on each other, so that none hides another."""
    seen: Counter[float] = Counter()
    ticks = []
    for index, share in spread.rates.items():
        y = floor - STACK * min(seen[share.value], HIGHEST - 1)
        seen[share.value] += 1
        label = f"repeat {index}: {percent(share.value)}, n {share.n}"
        ticks.append(Tick(x=round(100 * share.value, 2), y=y, label=label))
    return tuple(ticks)


def _bar_group(agents: Sequence[AgentFigures], label: str, name: str) -> BarGroup:
    found = [(agent.agent, _group(agent, label, name)) for agent in agents]
    bars = tuple(
        Bar(
            agent=agent,
            drawn=drawing.share(group.passed),
            reward=drawing.hundredths(group.reward).text,
        )
        for agent, group in found
        if group
    )
    shown = f"{name} {FailureLevel(int(name)).label}" if label == "target_level" else spoken(name)
    return BarGroup(name=shown, bars=bars)


def _group(agent: AgentFigures, label: str, name: str) -> Group | None:
    return next((g for g in agent.groups if (g.label, g.name) == (label, name)), None)


def _rank(name: str) -> tuple[int, str]:
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)
