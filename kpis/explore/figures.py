"""Which chart fits a question: lines over time, bars for a category, cells for two, each KPI in one of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from kpis import charts
from kpis.charts.bars import MOST as MOST_BARS
from kpis.charts.grid import MOST_COLUMNS, MOST_ROWS
from kpis.charts.lines import MOST as MOST_LINES
from kpis.charts.lines import Course, Step
from kpis.dashboards.labels import DIMENSION_NAMES
from kpis.dashboards.parts import ORDERED, Part
from kpis.dimensions import STEPS_OF_TIME
from kpis.explore.answer import Answer
from kpis.explore.question import title_of
from kpis.kpi import Better, Kpi
from kpis.text import format_period, format_step, format_tick

ALONG = {*STEPS_OF_TIME, "slot"}  # what a line runs along


def parts(answer: Answer) -> dict[str, Callable[[], Part]]:
    """One chart for each KPI; none without a split, which tiles show."""
    if not answer.by:
        return {}
    return {kpi.key: lambda kpi=kpi: _part(answer, kpi) for kpi in answer.kpis}  # type: ignore[misc]


def _part(answer: Answer, kpi: Kpi) -> Part:
    readings = answer.of(kpi)
    figure, notes = _figure(answer, kpi)
    head = " · ".join(str(DIMENSION_NAMES[name]) for name in answer.by)
    is_trend = len(answer.by) == 1 and answer.by[0] in STEPS_OF_TIME
    if answer.question.selection.comparison and not is_trend:
        notes.append(_("the change is in the table"))
    if any(reading.is_maturing for reading in readings):
        notes.append(_("part of it is still maturing"))
    has_values = any(reading.value is not None for reading in readings)
    return Part(
        kpi.key,
        title_of([str(kpi.name)], answer.by),
        readings,
        answer.labels,
        answer.by,
        " · ".join(notes),
        figure if has_values else None,
        head=head,
    )


def _figure(answer: Answer, kpi: Kpi) -> tuple[dict[str, Any], list[str]]:
    """The chart and what has to be said beside it."""
    along = [name for name in answer.by if name in ALONG]
    if len(answer.by) == 1:
        if answer.by[0] in STEPS_OF_TIME:
            return _trend(answer, kpi, answer.by[0])
        return _lines(answer, kpi, "slot", "") if along else _bars(answer, kpi)
    if set(answer.by) == {"weekday", "slot"}:
        return charts.heatmap(kpi, answer.of(kpi)), [_heat(kpi)]
    if len(along) == 1 and not ORDERED.issuperset(answer.by):
        (other,) = set(answer.by) - set(along)
        return _lines(answer, kpi, along[0], other)
    return _grid(answer, kpi)


def _trend(answer: Answer, kpi: Kpi, step: str) -> tuple[dict[str, Any], list[str]]:
    starts = answer.question.selection.period.steps(step)
    now, earlier = answer.level(step), answer.level_before(step)
    before = [earlier.get((kpi.key, (start,))) for start in starts]
    found = {start: reading for start in starts if (reading := now.get((kpi.key, (start,))))}
    target = answer.board.targets.get(kpi.key)
    figure = charts.trend(kpi, step, starts, found, before=before, target=target.value if target else None)
    notes = []
    comparison = answer.question.selection.comparison
    if any(before) and comparison:
        notes.append(_("grey: %(period)s") % {"period": format_period(comparison)})
    if any(reading.is_small and reading.value is not None for reading in found.values()):
        notes.append(_("hollow: too few to judge"))
    return figure, notes


def _bars(answer: Answer, kpi: Kpi) -> tuple[dict[str, Any], list[str]]:
    (dimension,) = answer.by
    labels, readings = answer.labels, answer.of(kpi)
    named = [(labels.of(entry), labels.url(dimension, entry.at[dimension]), entry) for entry in readings]
    notes = [_("whiskers: interval (95%)")] if any(reading.interval for reading in readings) else []
    if any(reading.is_small for reading in readings):
        notes.append(_("pale: too few to judge"))
    known = sum(reading.value is not None for reading in readings)
    if known > MOST_BARS:
        notes.append(_("the first %(shown)s of %(all)s; the table has them all") % {"shown": MOST_BARS, "all": known})
    return charts.bars(kpi, named, is_ordered=dimension in ORDERED), notes


def _lines(answer: Answer, kpi: Kpi, along: str, other: str) -> tuple[dict[str, Any], list[str]]:
    """A line for each value of the other dimension, the ones with most behind them first."""
    courses: dict[Any, dict[Any, Any]] = {}
    for entry in answer.of(kpi):
        courses.setdefault(entry.at.get(other), {})[entry.at[along]] = entry
    shown = _by_volume(answer, kpi, other, list(courses))[:MOST_LINES]
    steps = [Step(at, format_step(along, at), _tick(along, at)) for at in answer.values(along)]
    named = [Course(answer.labels.name(other, value) if other else "", courses[value]) for value in shown]
    notes = []
    if len(courses) > len(shown):
        notes.append(
            _("the %(shown)s with most behind them; %(left)s more are left out here, the table has them all")
            % {"shown": len(shown), "left": len(courses) - len(shown)}
        )
    if any(entry.is_small for value in shown for entry in courses[value].values()):
        notes.append(_("hollow: too few to judge"))
    return charts.lines(kpi, steps, named), notes


def _grid(answer: Answer, kpi: Kpi) -> tuple[dict[str, Any], list[str]]:
    first, second = answer.by
    cells = {(entry.at[first], entry.at[second]): entry for entry in answer.of(kpi)}
    rows = _that_fit(answer, kpi, first, MOST_ROWS)
    columns = _that_fit(answer, kpi, second, MOST_COLUMNS)
    notes = [_heat(kpi)]
    if any(entry.is_small for entry in cells.values()):
        notes.append(_("without colour: too few to judge"))
    if len(rows) < len(answer.values(first)) or len(columns) < len(answer.values(second)):
        notes.append(_("those with most behind them; the table has them all"))
    return charts.grid(kpi, _named(answer, first, rows), _named(answer, second, columns), cells), notes


def _that_fit(answer: Answer, kpi: Kpi, dimension: str, most: int) -> list[Any]:
    """The values of a dimension in their order; where they are too many, those with most behind them."""
    values = answer.values(dimension)
    if len(values) <= most:
        return values
    kept = set(_by_volume(answer, kpi, dimension, values)[:most])
    return [value for value in values if value in kept]


def _by_volume(answer: Answer, kpi: Kpi, dimension: str, values: list[Any]) -> list[Any]:
    if len(values) < 2:
        return values
    samples = {key: entry.n for (name, key), entry in answer.level(dimension).items() if name == kpi.key}
    return sorted(values, key=lambda value: -samples.get((value,), 0))


def _named(answer: Answer, dimension: str, values: list[Any]) -> list[tuple[Any, str]]:
    return [(value, answer.labels.name(dimension, value)) for value in values]


def _tick(along: str, at: Any) -> str:
    return format_step(along, at) if along == "slot" else format_tick(along, at)


def _heat(kpi: Kpi) -> str:
    return _("stronger colour is more") if kpi.better is Better.NEITHER else _("stronger colour is worse")
