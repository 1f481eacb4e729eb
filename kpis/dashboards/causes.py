"""The parts that a change is put down to, and which of them did more than chance explains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from kpis.kpi import Spread
from kpis.measure import Reading
from kpis.statistics import Z_95, Difference, Effect, Estimate, Shift, is_beyond_chance, is_shift_beyond_chance

MOST = 8


@dataclass(frozen=True)
class Cause:
    """A part of the whole in both periods (None where it was not there), and what it did to the change."""

    name: str
    url: str
    before: Reading | None
    now: Reading | None
    effect: Effect
    is_sure: bool | None = None  # as of a step

    @property
    def total(self) -> Fraction:
        """Mix and rate together."""
        return self.effect.mix + self.effect.rate


@dataclass(frozen=True)
class Step:
    """What one bar of a waterfall did to the change.

    ``is_sure`` says whether that is more than chance explains; None where it cannot be told, as for recorded times.
    """

    name: str
    size: Fraction
    is_sure: bool | None


class Whole:
    """A KPI before and now, with the causes of its change, the greatest first; judges their effects by intervals.

    A part is judged where both of its values rest on the KPI's minimum sample. As many looks at chance are taken as
    there are causes, and one at the mix.
    """

    def __init__(self, before: Reading, now: Reading, causes: Sequence[Cause]) -> None:
        self.before = before
        self.now = now
        self.causes = causes
        self.looks = len(causes) + 1
        self.has_intervals = now.kpi.spread is not Spread.NONE

    def steps(self) -> list[Step]:
        """From before to now: the mix, the greatest changes within the parts, the rest of them."""
        shown, rest = self.causes[:MOST], self.causes[MOST:]
        steps = [Step(_("mix"), sum((cause.effect.mix for cause in self.causes), Fraction(0)), self._is_mix_sure())]
        steps += [Step(cause.name, cause.effect.rate, self.is_sure([cause])) for cause in shown]
        if rest:
            size = sum((cause.effect.rate for cause in rest), Fraction(0))
            steps.append(Step(_("others"), size, self.is_sure(rest)))
        return steps

    def is_sure(self, causes: Sequence[Cause]) -> bool | None:
        """Whether what changed within these parts, together, is more than chance explains."""
        if not self.has_intervals:
            return None
        changes = [change for cause in causes if (change := self._change(cause))]
        return len(changes) == len(causes) and is_beyond_chance(changes, self.looks)

    def _is_mix_sure(self) -> bool | None:
        if not self.has_intervals:
            return None
        shifts = [self._shift(cause) for cause in self.causes]
        return is_shift_beyond_chance(shifts, self.before.n, self.now.n, self.looks)

    def _weight(self, part: Reading | None, whole: Reading) -> float:
        return float(part.bottom or 0) / float(whole.bottom or 1) if part else 0.0

    def _change(self, cause: Cause) -> Difference | None:
        sides = [_estimate(cause.before), _estimate(cause.now)]
        if not (sides[0] and sides[1]):
            return None
        weight = (self._weight(cause.before, self.before) + self._weight(cause.now, self.now)) / 2
        return Difference(sides[0], sides[1], weight)

    def _shift(self, cause: Cause) -> Shift:
        readings = [one for one in (cause.before, cause.now) if one and one.value is not None]
        value = sum(one.value or 0.0 for one in readings) / (len(readings) or 1)
        middle = ((self.before.value or 0.0) + (self.now.value or 0.0)) / 2
        return Shift(
            self._weight(cause.before, self.before),
            self._weight(cause.now, self.now),
            value - middle,
            math.hypot(*map(_error, readings)) / (len(readings) or 1),
        )


def _estimate(reading: Reading | None) -> Estimate | None:
    if reading is None or reading.value is None or reading.interval is None or reading.is_small:
        return None
    return Estimate(reading.value, *reading.interval)


def _error(reading: Reading) -> float:
    """The standard error of a value, from its interval; 0 where it has none, being one contact among many."""
    low, high = reading.interval or (0.0, 0.0)
    return (high - low) / 2 / Z_95
