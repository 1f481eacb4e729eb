"""Members side by side: one row for each team, agent or queue, with a column per KPI."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.dashboards.columns import column_choices, member_kpis
from kpis.dashboards.courses import courses
from kpis.dashboards.labels import DIMENSION_NAMES, Labels
from kpis.dashboards.parts import Cell, Column, Part, Row
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.shares import is_of_handled_work
from kpis.targets import Goal
from kpis.verdict import verdict

# A longer table is a list of its own, with pages and search.
MOST_ROWS = 100


def members(board: Board, dimension: str, *, only: Collection[int] | None = None, has_courses: bool = True) -> Part:
    """One row for each team, agent or queue (or for ``only`` these), with a column per KPI and the course of one."""
    columns = member_kpis(board, dimension)
    readings = board.read(columns, dimension, only=None if only is None else {dimension: only})
    labels = Labels(board.viewer, board.selection, readings)
    rows = _rows(board, dimension, columns, readings, labels)
    rows.sort(key=lambda row: row.name.casefold())
    # A page of a longer list cannot be sorted by itself.
    can_sort = only is None
    sort = board.selection.sort if can_sort else ""
    if can_sort:
        _sort(rows, sort)
    note = ""
    if len(rows) > MOST_ROWS:
        note = _("the first %(shown)s of %(all)s; the CSV has them all") % {"shown": MOST_ROWS, "all": len(rows)}
    rows, drawn = rows[:MOST_ROWS], None
    if has_courses:
        rows, drawn = _with_courses(board, dimension, columns, rows)
    title = {"team": _("Teams"), "agent": _("Agents"), "queue": _("Queues")}[dimension]
    return Part(
        f"by_{dimension}",
        title,
        readings,
        labels,
        (dimension,),
        note,
        rows=rows,
        columns=[_column(board, kpi) if can_sort else Column(kpi) for kpi in columns],
        head=str(DIMENSION_NAMES[dimension]),
        head_query=board.selection.query_with(**board.selection.page_state | {"sort": None}) if sort else "",
        course_of=drawn,
        choices=column_choices(board, dimension, columns),
    )


def _rows(
    board: Board, dimension: str, columns: Collection[Kpi], readings: Iterable[Reading], labels: Labels
) -> list[Row]:
    """A row for each member that has a reading."""
    found: dict[Any, dict[str, Reading]] = {}
    for reading in readings:
        found.setdefault(reading.at[dimension], {})[reading.kpi.key] = reading
    tells_of_offered = dimension == "queue" and not all(map(is_of_handled_work, columns))
    shares = {value for value in found if tells_of_offered and board.is_of_others(value)}
    targets = board.every_target.of_each(dimension, [value for value in found if value])
    return [
        Row(
            labels.name(dimension, value),
            labels.url(dimension, value),
            [_cell(cells.get(kpi.key), targets.get(value, {}).get(kpi.key)) for kpi in columns],
            _("what your teams answered in this queue") if value in shares else "",
            member=value,
        )
        for value, cells in found.items()
    ]


def _with_courses(
    board: Board, dimension: str, columns: Collection[Kpi], rows: list[Row]
) -> tuple[list[Row], Kpi | None]:
    """The rows with the course of the KPI they are sorted by (else of the first), and that KPI if it has any."""
    first = next(iter(columns), None)
    kpi = next((kpi for kpi in columns if kpi.key == board.selection.sort.removeprefix("-")), first)
    found = courses(board, kpi, dimension, [row.member for row in rows if row.member]) if kpi else {}
    return [replace(row, course=found.get(row.member)) for row in rows], kpi if found else None


def _cell(reading: Reading | None, target: Goal | None) -> Cell:
    return Cell(reading, verdict(reading, target) if reading else None, target)


def _column(board: Board, kpi: Kpi) -> Column:
    """From the highest down first, then the other way round."""
    selection = board.selection
    order = {kpi.key: "ascending", f"-{kpi.key}": "descending"}.get(selection.sort, "")
    turned = kpi.key if order == "descending" else f"-{kpi.key}"
    return Column(kpi, selection.query_with(**selection.page_state | {"sort": turned}), order)


def _sort(rows: list[Row], by: str) -> None:
    """By one KPI; those with too few to rank come after the others, those without a value last."""
    sign = -1 if by.startswith("-") else 1

    def rank(row: Row) -> tuple[int, float]:
        readings = [cell.reading for cell in row.cells if cell.reading]
        found = next((reading for reading in readings if reading.kpi.key == by.removeprefix("-")), None)
        if found is None or found.value is None:
            return 2, 0
        return int(found.is_small), sign * found.value

    rows.sort(key=rank)
