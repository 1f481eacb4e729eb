"""When a course of points changed its level for good: phases, and the chance that noise alone would look so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import NormalDist

from kpis.statistics.control import FEWEST, Point, Scale

# A phase of fewer points is an episode, not a level. So many latest points have to lie on its side, too.
SHORTEST = 3
# How often a page about steady processes may name a change that is none.
CHANCE = 0.05
# Of the sum of squares: what is less is how floats are rounded, and no variation.
ROUNDING = 1e-24


@dataclass(frozen=True)
class Change:
    """A lasting change: the places of the first point of the level before and of the first point since, and the side.

    ``side`` is 1 where the later level is higher, −1 where it is lower.
    """

    before: int
    since: int
    side: int


def lasting_change(points: Sequence[Point], scale: Scale, *, looks: int = 1) -> Change | None:
    """The last change of level of a course, if it lasts to its end; None for a steady course.

    The change-point model with unknown parameters (Hawkins, Qiu, Kang 2003, Journal of Quality Technology 35, 355–366):
    every way to part the course in two is tested by Student's t on the means, weighed by the samples, and the clearest
    is the change, if it is too clear for chance. Bonferroni's bound over the ways to part it and over the ``looks`` at
    other courses (Worsley 1979, JASA 74, 365–367) keeps false changes below 5 % of all pages about steady processes.
    Each of the two parts is then looked at alike (binary segmentation; Scott, Knott 1974, Biometrics 30, 507–512).

    What came before is the level between the last two changes; one of fewer than 12 points was an episode, and those
    before it are taken with it.

    False changes measured on 4,000 steady courses of 52 points, each as one of eight of a page: 0.3 % of normal ones,
    0.4 % of Student's t with 5 degrees of freedom, 2 % where a point takes a fifth of its deviation from the one before
    it, 7 % where it takes two fifths. A change by three standard deviations six points before the end is found in 98 %
    and dated to the point in 84 %, within one point in 96 %.
    """
    values, weights = [_even(scale, point.value) for point in points], [_weight(scale, point) for point in points]
    starts = [0, *_changes(values, weights, 0, len(values), CHANCE / looks), len(values)]
    if len(starts) < 3:
        return None
    before, since, end = starts[-3:]
    before = min(before, max(0, since - FEWEST))
    level = _mean(values, weights, before, since)
    side = 1 if _mean(values, weights, since, end) > level else -1
    if any(side * (value - level) <= 0 for value in values[-SHORTEST:]):
        return None
    if abs(values[since] - level) < abs(values[since] - _mean(values, weights, since + 1, end)):
        return None  # it is of the earlier level, and those after it are too few
    return Change(before, since, side)


def _changes(values: Sequence[float], weights: Sequence[float], start: int, end: int, chance: float) -> list[int]:
    """The places between ``start`` and ``end`` at which the level changes, in order."""
    place, t = _clearest(values[start:end], weights[start:end])
    ways, freedom = end - start - 2 * SHORTEST + 1, end - start - 2
    if not place or 2 * NormalDist().cdf(-_as_normal(t, freedom)) * ways > chance:
        return []
    found = start + place
    return [*_changes(values, weights, start, found, chance), found, *_changes(values, weights, found, end, chance)]


def _clearest(values: Sequence[float], weights: Sequence[float]) -> tuple[int, float]:
    """Where to part the values so that the two means differ most clearly, and Student's t there; 0 for nowhere."""
    n = len(values)
    if n < 2 * SHORTEST:
        return 0, 0.0
    heavy = list(accumulate(weights, initial=0.0))
    middle = sum(w * x for w, x in zip(weights, values, strict=True)) / heavy[-1]
    sums = list(accumulate((w * (x - middle) for w, x in zip(weights, values, strict=True)), initial=0.0))
    whole = sum(w * (x - middle) ** 2 for w, x in zip(weights, values, strict=True))
    if whole <= ROUNDING * sum(w * x * x for w, x in zip(weights, values, strict=True)):
        return 0, 0.0
    between = {
        place: sums[place] ** 2 * (1 / heavy[place] + 1 / (heavy[-1] - heavy[place]))
        for place in range(SHORTEST, n - SHORTEST + 1)
    }
    best = max(between, key=lambda place: between[place])
    within = whole - between[best]
    return best, math.inf if within <= 1e-12 * whole else math.sqrt(between[best] / within * (n - 2))


def _as_normal(t: float, freedom: int) -> float:
    """The normal value as likely as Student's t (Wallace 1959, Annals of Mathematical Statistics 30, 1121–1130)."""
    if math.isinf(t):
        return t
    return (8 * freedom + 1) / (8 * freedom + 3) * math.sqrt(freedom * math.log1p(t * t / freedom))


def _mean(values: Sequence[float], weights: Sequence[float], start: int, end: int) -> float:
    whole = sum(weights[start:end])
    return sum(w * x for w, x in zip(weights[start:end], values[start:end], strict=True)) / whole


def _even(scale: Scale, value: float) -> float:
    """A value where it varies alike at all levels: times as logarithms, shares as angles (Anscombe 1948)."""
    if scale is Scale.SHARE:
        return math.asin(math.sqrt(min(max(value, 0.0), 1.0)))
    return math.log(value) if scale is Scale.LOGARITHM else value


def _weight(scale: Scale, point: Point) -> float:
    return 1.0 if scale is Scale.PLAIN else point.n
