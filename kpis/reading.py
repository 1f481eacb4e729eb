"""A KPI's value with what it is made of, worked out from its tallies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from kpis import histogram, statistics
from kpis.kpi import Kpi, Number, Spread

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Reading:
    """A KPI's value somewhere (``at``: dimension → value) with what it is made of.

    ``value`` None means that there was nothing to measure, which is not zero. ``n`` is the sample.
    ``maturing`` counts the contacts whose window has not passed; ``provisional`` is the value with them.
    ``histogram`` holds, for a percentile, how many contacts lie in each bucket (kpis/histogram.py).
    """

    kpi: Kpi
    at: dict[str, Any]
    value: float | None
    top: Number | None
    bottom: Number | None
    n: int
    interval: tuple[float, float] | None = None
    maturing: int = 0
    provisional: float | None = None
    histogram: tuple[int, ...] = ()

    @property
    def is_small(self) -> bool:
        """Whether the sample is below what ranking and colouring need; a mere count is what it is."""
        return self.n < self.kpi.minimum and bool(self.kpi.bottom or self.kpi.percentile)

    @property
    def is_maturing(self) -> bool:
        """Whether part of the contacts are still within their window."""
        return self.maturing > 0


def together(kpi: Kpi, readings: Collection[Reading]) -> float | None:
    """The value of several readings as one; None where they have nothing below the line."""
    return kpi.value(sum(one.top or 0 for one in readings), sum(one.bottom or 0 for one in readings))


def reading_of(kpi: Kpi, at: dict[str, Any], key: Key, found: dict[str, dict[Key, Any]]) -> Reading | None:
    """The reading at one place. ``found``: tally → group (``key`` is the place's) → sum.

    None where a group among others has no row; a question without groups always has its reading.
    """
    if kpi.percentile:
        return _percentile_reading(kpi, at, key, found)
    values = [found[tally.key].get(key) if tally.key in found else None for tally in kpi.tallies]
    if not any(value is not None for value in values):
        return None if at else Reading(kpi, at, None, None, None, n=0)
    pairs = zip(kpi.tallies, values, strict=True)
    known = {tally.key: value if value is not None else 0 for tally, value in pairs}
    top = kpi.top.of(known) if kpi.top else None
    bottom = kpi.bottom.of(known) if kpi.bottom else None
    has_evidence = kpi.evidence is None or kpi.evidence.of(known) > 0
    value = kpi.value(top, bottom) if has_evidence else None
    counted = kpi.counted or kpi.bottom or kpi.top
    maturing, provisional = _provisional(kpi, known)
    return Reading(
        kpi,
        at,
        value,
        top,
        bottom,
        n=int(counted.of(known)) if counted else 0,
        interval=_interval(kpi, value, top, bottom, known),
        maturing=maturing,
        provisional=provisional,
    )


def _percentile_reading(kpi: Kpi, at: dict[str, Any], key: Key, found: dict[str, dict[Key, Any]]) -> Reading | None:
    what, share = kpi.percentile or ("", 0.0)
    counts = found.get(what, {}).get(key, [])
    n = sum(counts)
    if at and not n:
        return None
    return Reading(kpi, at, histogram.percentile(counts, share), None, None, n, histogram=tuple(counts))


def _provisional(kpi: Kpi, known: dict[str, Number]) -> tuple[int, float | None]:
    if not kpi.provisional:
        return 0, None
    top, bottom = (total.of(known) for total in kpi.provisional)
    matured = int(kpi.bottom.of(known)) if kpi.bottom else 0
    return int(bottom) - matured, kpi.value(top, bottom)


def _interval(
    kpi: Kpi, value: float | None, top: Number | None, bottom: Number | None, known: dict[str, Number]
) -> tuple[float, float] | None:
    if value is None or top is None or bottom is None:
        return None
    if kpi.spread is Spread.WILSON:
        return statistics.wilson(float(top), float(bottom))
    if kpi.spread is Spread.DIFFERENCE and kpi.top:
        plus, minus = (float(known[tally.key]) for tally, _sign in kpi.top.terms)
        return statistics.difference_of_shares(plus, minus, float(bottom))
    if kpi.squares is None:
        return None
    spread = statistics.log_mean if kpi.spread is Spread.MEAN else statistics.scale_mean
    return spread(float(top), float(known[kpi.squares.key]), float(bottom))
