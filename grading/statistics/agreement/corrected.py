"""A pass rate corrected for a judge whose errors are known from a calibration set."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from grading.statistics.figures import CONFIDENCE, Figure, Interval, missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How a judge did where people's verdicts are known."""

    met: int
    found_met: int
    not_met: int
    found_not_met: int


def corrected_rate(judged_met: int, judged: int, calibration: Calibration) -> Figure:
    """Give the Rogan-Gladen rate (1978) with the bounds of Lang and Reiczigel (2014).

    The bounds hold for independent things; they know nothing of tasks or episodes.
    """
    if not (judged and calibration.met and calibration.not_met):
        return missing("the calibration set must have met and not met, and the judge some verdicts")
    hits = calibration.found_met / calibration.met
    rejections = calibration.found_not_met / calibration.not_met
    if hits + rejections <= 1:
        return missing("on the calibration set the judge is no better than chance", n=judged)
    rate = (judged_met / judged + rejections - 1) / (hits + rejections - 1)
    value = min(1.0, max(0.0, rate))
    interval = _bounds(judged_met, judged, calibration, value)
    return Figure(value=value, n=judged, clusters=judged, interval=interval)


def _bounds(judged_met: int, judged: int, known: Calibration, value: float) -> Interval:
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    seen, seen_n = (judged_met + z * z / 2) / (judged + z * z), judged + z * z
    hits, hits_n = (known.found_met + 1) / (known.met + 2), known.met + 2
    clear, clear_n = (known.found_not_met + 1) / (known.not_met + 2), known.not_met + 2
    better = hits + clear - 1
    if better <= 0:
        return Interval(why="the calibration set is too small to tell the judge from chance")
    rate = (seen + clear - 1) / better
    of_hits, of_clear = hits * (1 - hits) / hits_n, clear * (1 - clear) / clear_n
    shift = 2 * z * z * (rate * of_hits - (1 - rate) * of_clear)
    spread = seen * (1 - seen) / seen_n + rate**2 * of_hits + (1 - rate) ** 2 * of_clear
    half = z * sqrt(spread) / better
    low, high = (min(1.0, max(0.0, rate + shift + side * half)) for side in (-1, 1))
    return Interval(low=min(low, value), high=max(high, value), method="lang_reiczigel")
