"""Whether a change between two periods, or what parts did to it, is more than chance explains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kpis.statistics.intervals import Z_95, z_among


@dataclass(frozen=True)
class Estimate:
    """A value with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """A part's value before and now, and the weight with which its change counts."""

    before: Estimate
    now: Estimate
    weight: float = 1.0

    @property
    def effect(self) -> float:
        """What the part's own change did."""
        return self.weight * (self.now.value - self.before.value)


@dataclass(frozen=True)
class Shift:
    """A part's weight before and now (0–1), and how its value (with standard error) lies to that of the whole."""

    before: float
    now: float
    distance: float
    error: float = 0.0


def is_beyond_chance(changes: Sequence[Difference], looks: int = 1) -> bool:
    """Whether the effects of these changes together differ from none, by their intervals.

    The interval of a difference from those of its two sides by adding the squares of their reaches (MOVER: Zou &
    Donner 2008, Statistics in Medicine 27, 1693–1702; for shares it is Newcombe 1998, Statistics in Medicine 17,
    873–890, method 10), as much wider than 95 % as ``looks`` at chance ask for (Bonferroni), for the greatest of many
    changes is always great. Where the intervals have no width, every change counts.
    """
    effect = sum(change.effect for change in changes)
    reach = math.hypot(*(change.weight * _reach_to_none(change, effect) for change in changes))
    return abs(effect) > reach * z_among(looks) / Z_95


def is_shift_beyond_chance(shifts: Sequence[Shift], n_before: int, n_now: int, looks: int = 1) -> bool:
    """Whether what the weights did together, Σ (now − before) · distance, differs from none.

    The weights of each period are those of ``n`` contacts drawn from several kinds (multinomial), so the mean of the
    distances varies by their variance over n; the distances vary by their own errors (delta method: Casella & Berger,
    Statistical Inference, 2002, section 5.5.4). Wider for many ``looks``, as above.
    """
    if n_before <= 0 or n_now <= 0:
        return False
    effect = sum((shift.now - shift.before) * shift.distance for shift in shifts)
    variance = _variance([(shift.before, shift.distance) for shift in shifts]) / n_before
    variance += _variance([(shift.now, shift.distance) for shift in shifts]) / n_now
    variance += sum(((shift.now - shift.before) * shift.error) ** 2 for shift in shifts)
    return abs(effect) > z_among(looks) * math.sqrt(variance)


def _reach_to_none(change: Difference, effect: float) -> float:
    """How far the interval of a part's change reaches towards no effect at all."""
    now, before = change.now, change.before
    if effect > 0:
        return math.hypot(now.value - now.low, before.high - before.value)
    return math.hypot(now.high - now.value, before.value - before.low)


def _variance(weighed: Sequence[tuple[float, float]]) -> float:
    mean = sum(weight * value for weight, value in weighed)
    return sum(weight * (value - mean) ** 2 for weight, value in weighed)
