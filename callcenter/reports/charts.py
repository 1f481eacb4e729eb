"""A KPI over time as lines in a box of 1 × 1, for paper: y goes up, gaps stay gaps."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpis.charts.house import STEPS
from kpis.dashboards.board import Board
from kpis.dashboards.labels import DIMENSION_NAMES
from kpis.dashboards.parts import notes_of
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.period import Period
from kpis.text import format_period, format_step, format_target, format_tick, format_value, unit_name

Point = tuple[float, float]
Line = list[Point]

FEWEST_STEPS = 3  # fewer make no line: then the four weeks up to the period's end are drawn
CONTEXT = dt.timedelta(days=27)
MOST_NAMES = 5  # names of steps that find room under a chart
MOST_MARKS = 5
AIR = 0.06  # of the box's height above and below the lines


@dataclass(frozen=True)
class Chart:
    """What is drawn. ``marks`` and ``names`` are places on the axes with their words; ``told`` says it in words."""

    title: str
    note: str
    told: str
    unit: str
    marks: list[tuple[float, str]]
    names: list[tuple[float, str]]
    lines: list[Line]
    before: list[Line]
    maturing: list[Line]
    points: list[tuple[float, float, bool]]  # True: too few behind it to be judged
    target: tuple[float, str] | None


@dataclass(frozen=True)
class _Scale:
    """Places in the box."""

    count: int
    low: float
    high: float

    def x(self, number: int) -> float:
        return round((number + 0.5) / self.count, 4)

    def y(self, value: float) -> float:
        return round((value - self.low) / (self.high - self.low), 4)

    def lines(self, values: Sequence[float | None]) -> list[Line]:
        """Parted where a value is missing."""
        found: list[Line] = [[]]
        for number, value in enumerate(values[: self.count]):
            if value is None:
                found.append([])
            else:
                found[-1].append((self.x(number), self.y(value)))
        return [line for line in found if line]


def chart(board: Board, kpi: Kpi) -> Chart:
    """The KPI over the period step by step, with comparison and target; over four weeks where it is too short."""
    period, step, earlier = _shown(board)
    starts = period.steps(step)
    readings = board.course([kpi], period=period)[kpi.key]
    found = [readings.get(start) for start in starts]
    before = _before(board, kpi, step, earlier)
    values, maturing = [_value(reading) for reading in found], _maturing(found)
    goal = board.targets.get(kpi.key)
    known = [value for value in (*values, *before, *maturing, goal.value if goal else None) if value is not None]
    marks = _marks(kpi, known)
    span = (max(known) - min(known) or 1) * AIR if known else 0
    scale = _Scale(len(starts), min([*marks, *known]) - span, max([*marks, *known]) + span)
    return Chart(
        title=_title(kpi, step, period, board),
        note=" · ".join(notes_of(filter(None, found), earlier if any(value is not None for value in before) else None)),
        told=_told(kpi, step, found),
        unit=unit_name(kpi, max(marks, default=0)),
        marks=[(scale.y(mark), format_value(kpi, mark)) for mark in marks],
        names=[(scale.x(number), format_tick(step, starts[number])) for number in _named(len(starts))],
        lines=scale.lines(values),
        before=scale.lines(before),
        maturing=scale.lines(maturing),
        points=[
            (scale.x(number), scale.y(value), bool(reading and reading.is_small))
            for number, (reading, value) in enumerate(zip(found, values, strict=True))
            if value is not None
        ],
        target=(scale.y(goal.value), format_target(kpi, goal.value)) if goal else None,
    )


def _shown(board: Board) -> tuple[Period, str, Period | None]:
    """The days that are drawn, step by step, and those drawn in grey."""
    selection = board.selection
    if len(selection.period.steps(selection.step)) >= FEWEST_STEPS:
        return selection.period, selection.step, selection.comparison
    end = selection.period.end
    return Period(end - CONTEXT, end), selection.step, None


def _before(board: Board, kpi: Kpi, step: str, earlier: Period | None) -> list[float | None]:
    if earlier is None:
        return []
    found = board.course([kpi], period=earlier)[kpi.key]
    return [_value(found.get(start)) for start in earlier.steps(step)]


def _value(reading: Reading | None) -> float | None:
    return reading.value if reading else None


def _maturing(found: Sequence[Reading | None]) -> list[float | None]:
    """Provisional values, from the last settled point on."""
    values = [reading.provisional if reading and reading.is_maturing else None for reading in found]
    first = next((number for number, value in enumerate(values) if value is not None), 0)
    if first and values[first - 1] is None:
        values[first - 1] = _value(found[first - 1])
    return values


def _marks(kpi: Kpi, known: Sequence[float]) -> list[float]:
    """Round values for the axis, from below the lowest to above the highest."""
    if not known:
        return [0, 1]
    low, high = min(known), max(known)
    width = max(high - low, abs(high) * 0.02) or 1
    tens = 10.0 ** math.floor(math.log10(width))
    steps = STEPS.get(kpi.unit) or tuple(tens * times for times in (0.2, 0.5, 1, 2, 5))
    step = next((step for step in steps if width / step <= MOST_MARKS), steps[-1])
    return [mark * step for mark in range(math.floor(low / step), math.ceil(high / step) + 1)]


def _named(count: int) -> range:
    return range(0, count, max(1, math.ceil(count / MOST_NAMES)))


def _title(kpi: Kpi, step: str, period: Period, board: Board) -> str:
    words = {"kpi": kpi.name, "step": str(DIMENSION_NAMES[step]).lower()}
    if period == board.selection.period:
        return _("%(kpi)s by %(step)s") % words
    return _("%(kpi)s by %(step)s, %(period)s") % (words | {"period": format_period(period)})


def _told(kpi: Kpi, step: str, found: Sequence[Reading | None]) -> str:
    """The chart in words, for who hears the page."""
    return "; ".join(
        f"{format_step(step, reading.at[step])}: {format_value(kpi, reading.value)}" for reading in found if reading
    )
