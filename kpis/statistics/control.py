"""What is usual for a course of points, and which points are not: process-behaviour (control) charts."""

from __future__ import annotations

import enum
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

SIGMAS = 3
# The median moving range of normal values is 0.9539 of their standard deviation (Wheeler 1995, Advanced Topics in
# Statistical Process Control, table of bias correction factors: d4 for two values). The median, because a baseline
# may hold days that were not usual themselves.
MEDIAN_RANGE = 0.9539
# The median distance of normal values from their middle, in standard deviations: the third quartile.
MEDIAN_DISTANCE = 0.6745
# Below this, a baseline says nothing about what is usual: points in all, and of each phase.
FEWEST, FEWEST_OF_A_PHASE = 12, 4


class Scale(enum.Enum):
    """On which scale a quantity varies evenly."""

    PLAIN = "plain"
    LOGARITHM = "logarithm"  # times: twice as long and half as long lie equally far off
    SHARE = "share"  # 0–1 of n, whose width depends on n


@dataclass(frozen=True)
class Point:
    """A value with its sample, and the phase of its rhythm (the weekday of a day; None where there is none)."""

    value: float
    n: float
    phase: Hashable = None


@dataclass(frozen=True)
class Band:
    """What is usual for a point: its middle and its two limits, in the KPI's unit."""

    low: float
    middle: float
    high: float

    def side(self, value: float) -> int:
        """Beyond which limit a value lies: −1, 0 or 1."""
        return (value > self.high) - (value < self.low)


def usual_range(baseline: Sequence[Point], shown: Iterable[Point | None], scale: Scale) -> list[Band | None]:
    """The band of each shown point, from how a baseline (in order of time) varied from one point to the next.

    Individuals and moving range (XmR; Shewhart 1931, Wheeler 1995), each phase about its own median; on the
    logarithm for times. For shares the limits widen where n is small, as in Laney's p′ chart (2002, Quality
    Engineering 14, 531–537): the binomial width times how much more than that the baseline varied. Of normal points
    of a steady process one in 370 lies beyond three sigmas.

    None for a point that is None, whose phase has fewer than 4 points in the baseline, or where the baseline has
    fewer than 12 in all or did not vary. On a logarithmic scale all values are above zero.
    """
    often = Counter(point.phase for point in baseline)
    baseline = [point for point in baseline if often[point.phase] >= FEWEST_OF_A_PHASE]
    if len(baseline) < FEWEST:
        return [None for _ in shown]
    middles = _middles(baseline, scale)
    steps = [(_on(scale, point.value) - middles[point.phase]) / _unit(scale, middles, point) for point in baseline]
    ranges = [abs(later - earlier) for earlier, later in pairwise(steps)]
    sigma = statistics.median(ranges) / MEDIAN_RANGE
    if scale is Scale.SHARE:
        sigma = max(sigma, 1.0)  # never narrower than chance alone
    if not sigma:
        return [None for _ in shown]
    return [
        _band(scale, middles[point.phase], SIGMAS * sigma * _unit(scale, middles, point))
        if point and point.phase in middles
        else None
        for point in shown
    ]


def _middles(baseline: Sequence[Point], scale: Scale) -> dict[Hashable, float]:
    """The middle of each phase: a share's is that of all its contacts but outliers', else the median."""
    by_phase: dict[Hashable, list[Point]] = defaultdict(list)
    for point in baseline:
        by_phase[point.phase].append(point)
    if scale is Scale.SHARE:
        return {phase: _share(points) for phase, points in by_phase.items()}
    return {phase: statistics.median(_on(scale, point.value) for point in points) for phase, points in by_phase.items()}


def _share(points: Sequence[Point]) -> float:
    """The share of all contacts without outliers, for one bad day in twenty would move it beyond all the others.

    Hampel's identifier (Davies, Gather 1993, JASA 88, 782–792): what lies further than three deviations from the
    median, in units of the binomial one, and of the median distance where that is wider.
    """
    middle = statistics.median(point.value for point in points)
    off = [abs(point.value - middle) / _deviation(middle, point.n) for point in points]
    reach = SIGMAS * max(1.0, statistics.median(off) / MEDIAN_DISTANCE)
    kept = [point for point, distance in zip(points, off, strict=True) if distance <= reach]
    return sum(point.value * point.n for point in kept) / sum(point.n for point in kept)


def _on(scale: Scale, value: float) -> float:
    return math.log(value) if scale is Scale.LOGARITHM else value


def _unit(scale: Scale, middles: dict[Hashable, float], point: Point) -> float:
    """What a step is measured in: the binomial deviation of a share of n, else 1."""
    if scale is not Scale.SHARE:
        return 1.0
    return _deviation(middles[point.phase], point.n)


def _deviation(share: float, n: float) -> float:
    """The binomial standard deviation of a share of n; never that of a certainty."""
    share = min(max(share, 1 / (2 * n)), 1 - 1 / (2 * n))
    return math.sqrt(share * (1 - share) / n)


def _band(scale: Scale, middle: float, reach: float) -> Band:
    if scale is Scale.LOGARITHM:
        return Band(math.exp(middle - reach), math.exp(middle), math.exp(middle + reach))
    if scale is Scale.SHARE:
        return Band(max(0.0, middle - reach), middle, min(1.0, middle + reach))
    return Band(middle - reach, middle, middle + reach)
