"""Readings as tables: one dimension down, the other (or the KPIs) across, with totals that were measured."""

from __future__ import annotations

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
    across, labels = answer.values(second), answer.labels
    cells, of_rows = _Cells(answer, first, second), _Cells(answer, first)
    of_columns, whole = _Cells(answer, second), _Cells(answer)
    lines = [
        Line(
            labels.name(first, value),
            labels.url(first, value),
            [*(cells.at(kpi, value, other) for other in across), of_rows.at(kpi, value)],
        )
        for value in answer.values(first)
    ]
    return Pivot(
        f"table-{kpi.key}",
        title_of([str(kpi.name)], answer.by),
        str(DIMENSION_NAMES[first]),
        [*(labels.name(second, value) for value in across), _("all")],
        lines,
        Line(_("all"), "", [*(of_columns.at(kpi, other) for other in across), whole.at(kpi)]),
        is_of_one_kpi=True,
    )


def _listed(answer: Answer) -> Pivot:
    """The dimension, if there is one, down; the KPIs across."""
    kpis, labels, cells, whole = answer.kpis, answer.labels, _Cells(answer, *answer.by), _Cells(answer)
    lines = [
        Line(labels.name(name, value), labels.url(name, value), [cells.at(kpi, value) for kpi in kpis])
        for name in answer.by
        for value in answer.values(name)
    ]
    return Pivot(
        "table",
        answer.question.name,
        str(DIMENSION_NAMES[answer.by[0]]) if answer.by else "",
        [str(kpi.name) for kpi in kpis],
        lines,
        Line(_("all"), "", [whole.at(kpi) for kpi in kpis]),
        is_of_one_kpi=len(kpis) == 1,
    )


class _Cells:
    """The cells of one split, found by their place."""

    def __init__(self, answer: Answer, *by: str) -> None:
        self._now, self._before = answer.level(*by), answer.level_before(*by)

    def at(self, kpi: Kpi, *key: Any) -> Cell:
        reading = self._now.get((kpi.key, key))
        return Cell(reading, change(reading, self._before.get((kpi.key, key))) if reading else None)
