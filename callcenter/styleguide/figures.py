"""Invented figures for the style page, shown by the product's own tiles, charts and tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kpis.dashboards.board import Board
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.period import Period
from kpis.selection import Selection
from kpis.targets import Goal
from people.models import User

PERIOD = Period(dt.date(2026, 11, 7), dt.date(2026, 11, 20))
# How the days depart from the whole, as shares of it. Five, so that no weekday is always the same.
WAVE = (0.0, 0.03, -0.02, 0.05, -0.06)


@dataclass(frozen=True)
class Figure:
    """A KPI's value now and before (in its own unit), its sample, its target and what is tolerated beside it."""

    value: float | None
    before: float | None = None
    n: int = 0
    target: float | None = None
    tolerance: float = 0
    maturing: int = 0


# One for each state that a tile can be in.
FIGURES = {
    "contacts_offered": Figure(4_212, before=4_020, n=4_212),
    "service_level": Figure(0.764, before=0.805, n=4_212, target=0.8),
    "average_handle_time": Figure(352, before=341, n=3_987, target=345, tolerance=15),
    "first_contact_resolution": Figure(0.749, before=0.743, n=2_904, target=0.75, tolerance=0.01, maturing=611),
    "csat": Figure(0.861, before=0.848, n=412, target=0.85),
    "csat_mean": Figure(4.6, before=4.2, n=9, target=4.5),
    "transfer_rate": Figure(0.051, before=0.052, n=3_987, target=0.05),
    "abandonment_rate": Figure(None, before=0.041, target=0.05),
}


class SampleBoard(Board):
    """A board that reads nothing: its readings are the figures above, and none of them changed for good."""

    def __init__(self, viewer: User, selection: Selection) -> None:
        super().__init__(viewer, selection)
        self.once("changes", dict)

    def can(self, kpi: Kpi, *by: str) -> bool:
        return kpi.key in FIGURES

    def read(
        self,
        kpis: Iterable[Kpi],
        *by: str,
        period: Period | None = None,
        only: Mapping[str, Collection[int]] | None = None,
    ) -> list[Reading]:
        asked = [kpi for kpi in kpis if self.can(kpi)]
        is_before = period is not None and period != self.selection.period
        if not by:
            return [_reading(kpi, {}, is_before, 0) for kpi in asked]
        days = (period or self.selection.period).steps("day")
        return [
            _reading(kpi, {"day": day}, is_before, WAVE[place % len(WAVE)])
            for kpi in asked
            for place, day in enumerate(days)
        ]

    @cached_property
    def targets(self) -> dict[str, Goal]:
        """What the figures are to reach."""
        return {
            key: Goal(figure.target, figure.tolerance) for key, figure in FIGURES.items() if figure.target is not None
        }


def _reading(kpi: Kpi, at: dict[str, dt.date], is_before: bool, departs: float) -> Reading:
    figure = FIGURES[kpi.key]
    whole = figure.before if is_before else figure.value
    value = None if whole is None else whole * (1 + departs)
    has_interval = value is not None and bool(kpi.bottom)
    maturing = 0 if is_before or at else figure.maturing
    return Reading(
        kpi,
        dict(at),
        value,
        top=None if value is None else value * figure.n,
        bottom=figure.n,
        n=figure.n if value is not None else 0,
        interval=(value * 0.97, value * 1.03) if value is not None and has_interval else None,
        maturing=maturing,
        provisional=value * 0.98 if value is not None and maturing else None,
    )


def sample_kpis() -> list[Kpi]:
    """The KPIs that have figures, in the order of the list."""
    return [KPIS[key] for key in FIGURES]
