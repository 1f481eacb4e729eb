"""What is usual for a KPI here, from the half year before, and which points of its course are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from kpis.dashboards.board import Board
from kpis.dashboards.changes import changes_of
from kpis.kpi import Kpi
from kpis.lasting.watched import scale_of
from kpis.measure import Reading
from kpis.period import Period
from kpis.statistics import Band, Point, Scale, usual_range

DAY = dt.timedelta(days=1)
BASELINE = 26 * 7 * DAY
FEWEST_DAYS = 12 * 7
Course = Mapping[Any, Reading]


@dataclass(frozen=True)
class Usual:
    """The usual range of a KPI over the steps of a period, and the baseline that it comes from.

    A step has a band only where it has a value that can be judged.
    """

    kpi: Kpi
    starts: list[dt.date]
    course: Course
    bands: list[Band | None]
    baseline: Period

    @cached_property
    def beyond(self) -> dict[dt.date, int]:
        """The steps whose value lies beyond its limits, each with the side: −1 below, 1 above."""
        return {
            start: side
            for start, band in zip(self.starts, self.bands, strict=True)
            if band and (side := band.side(self.course[start].value or 0.0))
        }


def usual(board: Board, kpis: Sequence[Kpi]) -> dict[str, Usual]:
    """For each KPI with enough of a past, its usual range: from 26 weeks on one level, see `_baselines`.

    Where the data does not reach so far back, the first half of the period's weeks is the baseline. Days are judged
    about the middle of their weekday. Months and longer steps are too few to say what is usual.
    """
    selection = board.selection
    if selection.step not in ("day", "week"):
        return {}
    judged = [kpi for kpi in kpis if scale_of(kpi) and board.can(kpi, selection.step)]
    starts, course = selection.period.steps(selection.step), board.course(judged)
    earlier, own = _before(board), _baselines(board)
    past = board.course(judged, period=_all_of(earlier, *own.values()))

    def made(kpi: Kpi) -> Usual | None:
        shown, baseline = course[kpi.key], own.get(kpi.key, earlier)
        return _usual(board, kpi, starts, shown, baseline, past[kpi.key]) or _within(board, kpi, starts, shown)

    found = {kpi.key: board.once(("usual", kpi.key), partial(made, kpi)) for kpi in judged}
    return {key: one for key, one in found.items() if one}


def _before(board: Board) -> Period:
    start = board.selection.period.start
    return Period(start - BASELINE, start - DAY)


def _baselines(board: Board) -> dict[str, Period]:
    """KPI → its own baseline, where a lasting change parts the usual one: one level only is what is usual.

    That is the level before a change that is news, else the one since. One that has held for less than twelve weeks
    before the period is too young to be a baseline.
    """
    usually = _before(board)
    found = {}
    for key, change in changes_of(board).items():
        if change.is_news:
            found[key] = Period(max(change.level_from, change.since - BASELINE), change.since - DAY)
        elif usually.start < change.since <= usually.end - FEWEST_DAYS * DAY:
            found[key] = Period(change.since, usually.end)
    return found


def _all_of(*baselines: Period) -> Period:
    """From the first day of any to the last one, so that they are read together."""
    return Period(min(one.start for one in baselines), max(one.end for one in baselines))


def _within(board: Board, kpi: Kpi, starts: list[dt.date], course: Course) -> Usual | None:
    """The same with the first half of the period's weeks as its baseline."""
    if board.selection.step != "week" or len(starts) < 2:
        return None
    end_of_half = starts[len(starts) // 2] - dt.timedelta(days=1)
    return _usual(board, kpi, starts, course, Period(board.selection.period.start, end_of_half), course)


def _usual(
    board: Board, kpi: Kpi, starts: list[dt.date], course: Course, baseline: Period, past: Course
) -> Usual | None:
    scale, step = scale_of(kpi), board.selection.step
    assert scale  # the caller asks for no others

    def points(period: Period, steps: Sequence[dt.date], readings: Course) -> list[Point | None]:
        return [
            _point(kpi, readings.get(start), start.weekday() if step == "day" else None)
            if step == "day" or _is_whole_week(start, period)
            else None
            for start in steps
        ]

    known = [point for point in points(baseline, baseline.steps(step), past) if point]
    bands = usual_range(known, points(board.selection.period, starts, course), scale)
    return Usual(kpi, starts, course, bands, baseline) if any(bands) else None


def _is_whole_week(start: dt.date, period: Period) -> bool:
    """Part of a week varies more than a whole one, and a Monday alone is no week: limits of weeks are not its own."""
    return period.start <= start and start + dt.timedelta(days=6) <= period.end


def _point(kpi: Kpi, reading: Reading | None, phase: int | None) -> Point | None:
    """A reading that can be judged: with a value, enough behind it, and above zero where its logarithm is taken."""
    if reading is None or reading.value is None or reading.is_small:
        return None
    if scale_of(kpi) is Scale.LOGARITHM and reading.value <= 0:
        return None
    return Point(reading.value, max(reading.n, 1), phase)
