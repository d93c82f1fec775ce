"""What the page shows, as plain values: texts are ready to print, places are percents or pixels."""

from dataclasses import dataclass

from simulation.pages import Choice, Mark, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure as text and as places on a scale of 100; without a value only `why` is there.

    basis: what it rests on ("80 trials of 20 tasks"). interval is "" where there is none.
    """

    text: str = ""
    interval: str = ""
    basis: str = ""
    why: str = ""
    middle: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    agent: str
    url: str
    passed: Drawn
    reward: Drawn
    counts: str
    left_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A repeat in the strip: percent from the left, pixels from the top."""

    x: float
    y: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StripRow:
    """An agent's repeats on a scale; height of the picture, and floor where its axis runs."""

    agent: str
    height: int
    floor: int
    grid: tuple[int, ...]
    ticks: tuple[Tick, ...]
    rates: tuple[str, ...]
    deviation: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One k of a curve: x in percent of the drawing, y, low and high in pixels from its top."""

    x: float
    y: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KRow:
    k: int
    any_passes: Drawn
    all_pass: Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """pass@k and pass^k of one agent; `*_line` are the points of a polyline in a box of 100 × 100.

    summary says in a sentence what the picture shows.
    """

    agent: str
    any_points: tuple[Point, ...]
    all_points: tuple[Point, ...]
    any_line: str
    all_line: str
    labels: tuple[tuple[float, int], ...]
    rows: tuple[KRow, ...]
    summary: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One agent in a group; reward is "" where the group has none."""

    agent: str
    drawn: Drawn
    reward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarGroup:
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarSection:
    """All groups of one label: category, difficulty or target level."""

    key: str
    title: str
    groups: tuple[BarGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedTask:
    task: str
    url: str
    word: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """One comparison: whom with whom, by how much, and whether chance may explain it."""

    first: str
    second: str
    difference: Drawn
    verdict: Mark
    p: str
    adjusted: str
    mcnemar: str
    reward: str
    tasks: str
    trials: str
    detectable: str
    needed: str
    changes: tuple[ChangedTask, ...]
    more_changes: int
    only_first: str
    only_second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Paired differences on one scale; `edge` names its ends ("20 points")."""

    heading: str
    edge: str
    rows: tuple[PairRow, ...]
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLine:
    """One criterion that agents often miss, with a bar for each agent."""

    task: str
    url: str
    key: str
    text: str
    points: str
    bars: tuple[Bar, ...]
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductRow:
    """One agent's episodes: (mean, interval) of each column, and the n behind them."""

    agent: str
    cells: tuple[tuple[str, Drawn], ...]
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """One agent's failure notes: counts and their share of a bar's width for each level."""

    agent: str
    noted: str
    levels: tuple[tuple[str, int, float], ...]
    kinds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPage:
    title: str
    run_url: str
    subtitle: str
    headline: str
    headline_detail: str
    notice: Notice | None
    left_out: str
    agents: tuple[AgentRow, ...]
    forest: Forest
    baselines: tuple[Choice, ...]
    runs: tuple[Choice, ...]
    curves: tuple[Curves, ...]
    strips: tuple[StripRow, ...]
    sections: tuple[BarSection, ...]
    criteria: tuple[CriterionLine, ...]
    criteria_count: str
    conduct: tuple[ConductRow, ...]
    failures: tuple[FailureRow, ...]
    json_url: str
