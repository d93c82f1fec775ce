"""Places of figures on scales, and figures as people read them."""

from collections.abc import Callable, Sequence

from grading.statistics.figures import Figure, Interval
from grading.statistics.rates import Share
from grading.statistics_page.values import Drawn
from grading.wording import basis, percent
from simulation.wording import counted

EDGES = (0.1, 0.2, 0.3, 0.5, 1.0)  # a scale of differences ends at one of these


def share(figure: Figure, *, unit: str = "trial") -> Drawn:
    """Draw a share on a scale from 0 to 100 %."""
    if figure.value is None:
        return Drawn(why=figure.why, basis=basis(figure, unit))
    low, high = figure.interval.low, figure.interval.high
    return Drawn(
        text=percent(figure.value),
        interval=_span(figure.interval, _percents),
        basis=basis(figure, unit),
        why=figure.interval.why,
        middle=_place(figure.value),
        low=None if low is None else _place(low),
        high=None if high is None else _place(high),
    )


def counted_share(found: Share, *, what: str) -> Drawn:
    """Draw a rate of n independent things."""
    return Drawn(
        text=percent(found.value),
        interval=_percents(found.low, found.high),
        basis=counted(found.n, what),
        middle=_place(found.value),
        low=_place(found.low),
        high=_place(found.high),
    )


def number(figure: Figure) -> Drawn:
    """Write a mean without bounds; it has no place on a scale."""
    if figure.value is None:
        return Drawn(why=figure.why)
    return Drawn(
        text=f"{figure.value:.1f}",
        interval=_span(figure.interval, lambda low, high: f"{low:.1f} to {high:.1f}"),
        why=figure.interval.why,
    )


def hundredths(figure: Figure) -> Drawn:
    """Draw a mean reward: on the scale of shares, written with two places."""
    drawn = share(figure)
    if figure.value is None:
        return drawn
    return Drawn(
        text=f"{figure.value:.2f}",
        interval=_span(figure.interval, lambda low, high: f"{low:.2f} to {high:.2f}"),
        basis=drawn.basis,
        why=drawn.why,
        middle=drawn.middle,
        low=drawn.low,
        high=drawn.high,
    )


def difference(figure: Figure, edge: float) -> Drawn:
    """Draw a difference of shares on a scale from -edge to +edge, in percentage points."""
    if figure.value is None:
        return Drawn(why=figure.why)
    low, high = figure.interval.low, figure.interval.high
    return Drawn(
        text=points(figure.value),
        interval=_span(figure.interval, lambda low, high: f"{signed(low)} to {signed(high)}"),
        basis=counted(figure.clusters, "task"),
        why=figure.interval.why,
        middle=_between(figure.value, edge),
        low=None if low is None else _between(low, edge),
        high=None if high is None else _between(high, edge),
    )


def coefficient(figure: Figure) -> Drawn:
    """Draw a coefficient on a scale from -1 to 1, written with two places."""
    if figure.value is None:
        return Drawn(why=figure.why)
    low, high = figure.interval.low, figure.interval.high
    return Drawn(
        text=_two_places(figure.value),
        interval=_span(figure.interval, lambda a, b: f"{_two_places(a)} to {_two_places(b)}"),
        why=figure.interval.why,
        middle=_between(figure.value, 1.0),
        low=None if low is None else _between(low, 1.0),
        high=None if high is None else _between(high, 1.0),
    )


def edge_of(figures: Sequence[Figure]) -> float:
    """Choose how far a scale of differences reaches to both sides."""
    ends = [
        abs(end)
        for figure in figures
        for end in (figure.value, figure.interval.low, figure.interval.high)
        if end is not None
    ]
    farthest = max(ends, default=0.0)
    return next((edge for edge in EDGES if farthest <= edge), EDGES[-1])


def points(value: float) -> str:
    """Write a difference of shares in percentage points, with its sign."""
    rounded = round(100 * value)
    return f"{signed(value)} point{'' if abs(rounded) == 1 else 's'}"


def signed(value: float) -> str:
    rounded = round(100 * value)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "0"


def unbroken(text: str) -> str:
    """Keep percent signs on the line of their number, in sentences."""
    return text.replace(" %", "\u00a0%")


def p_value(p: float | None) -> str:
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _span(interval: Interval, write: Callable[[float, float], str]) -> str:
    if interval.low is None or interval.high is None:
        return ""
    return write(interval.low, interval.high)


def _two_places(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _percents(low: float, high: float) -> str:
    return f"{low:.0%} to {high:.0%}".replace("%", " %")


def _place(value: float) -> float:
    return round(100 * min(1.0, max(0.0, value)), 2)


def _between(value: float, edge: float) -> float:
    return round(50 + 50 * max(-1.0, min(1.0, value / edge)), 2)
