"""Readings as tables: one dimension down, the other (or the KPIs) across, with totals that were measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kpis.dashboards.labels import DIMENSION_NAMES
from kpis.dashboards.tiles import Change, change
from kpis.explore.answer import Answer
from kpis.explore.question import title_of
from kpis.kpi import Kpi
from kpis.measure import Reading


@dataclass(frozen=True)
class Cell:
    """A reading, None where nothing was measured, and how it changed against the comparison."""

    reading: Reading | None
    change: Change | None = None


@dataclass(frozen=True)
class Line:
    """A row: what it is about, where that leads, and a cell for each column."""

    name: str
    url: str
    cells: list[Cell]


@dataclass(frozen=True)
class Pivot:
    """One table. ``totals`` is the row without the first split; the last column is the one without the second."""

    key: str
    title: str
    head: str
    columns: list[str]
    lines: list[Line]
    totals: Line
    is_of_one_kpi: bool


def pivots(answer: Answer) -> list[Pivot]:
    """One table of all KPIs; with two dimensions, one for each KPI."""
    if len(answer.by) > 1:
        return [_crossed(answer, kpi) for kpi in answer.kpis]
    return [_listed(answer)] if answer.kpis else []


def _crossed(answer: Answer, kpi: Kpi) -> Pivot:
    """The first dimension down, the second across."""
    first, second = answer.by
    across = answer.values(second)
    names = [answer.labels.name(second, value) for value in across]
    lines = [
        Line(
            answer.labels.name(first, value),
            answer.labels.url(first, value),
            [*_cells(answer, kpi, (first, second), [(value, other) for other in across])]
            + _cells(answer, kpi, (first,), [(value,)]),
        )
        for value in answer.values(first)
    ]
    totals = _cells(answer, kpi, (second,), [(other,) for other in across]) + _cells(answer, kpi, (), [()])
    return Pivot(
        f"table-{kpi.key}",
        title_of([str(kpi.name)], answer.by),
        str(DIMENSION_NAMES[first]),
        [*names, _("all")],
        lines,
        Line(_("all"), "", totals),
        is_of_one_kpi=True,
    )


def _listed(answer: Answer) -> Pivot:
    """The dimension down, the KPIs across."""
    lines = [
        Line(
            answer.labels.name(answer.by[0], value),
            answer.labels.url(answer.by[0], value),
            [cell for kpi in answer.kpis for cell in _cells(answer, kpi, answer.by, [(value,)])],
        )
        for value in (answer.values(answer.by[0]) if answer.by else ())
    ]
    totals = [cell for kpi in answer.kpis for cell in _cells(answer, kpi, (), [()])]
    return Pivot(
        "table",
        answer.question.name,
        str(DIMENSION_NAMES[answer.by[0]]) if answer.by else "",
        [str(kpi.name) for kpi in answer.kpis],
        lines,
        Line(_("all"), "", totals),
        is_of_one_kpi=len(answer.kpis) == 1,
    )


def _cells(answer: Answer, kpi: Kpi, by: tuple[str, ...], keys: Sequence[tuple[Any, ...]]) -> list[Cell]:
    now, before = answer.level(*by), answer.level_before(*by)
    found = [(now.get((kpi.key, key)), before.get((kpi.key, key))) for key in keys]
    return [Cell(reading, change(reading, earlier) if reading else None) for reading, earlier in found]
