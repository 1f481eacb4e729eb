"""Members side by side: one row for each team, agent or queue, with a column per KPI."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.dashboards.labels import DIMENSION_NAMES, Labels
from kpis.dashboards.parts import Cell, Column, Part, Row
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.shares import is_of_handled_work
from kpis.targets import Goal
from kpis.verdict import verdict

# What members are compared by: columns of their table, as far as they can be split so.
MEMBER_KPIS = (
    "contacts_offered",
    "contacts_handled",
    "service_level",
    "average_speed_of_answer",
    "abandonment_rate",
    "average_handle_time",
    "first_contact_resolution",
    "csat",
    "occupancy",
    "adherence",
)
# A longer table is a list of its own, with pages and search.
MOST_ROWS = 100


def member_kpis(board: Board, dimension: str) -> list[Kpi]:
    """The columns that a table of members has here."""
    return [KPIS[name] for name in MEMBER_KPIS if board.can(KPIS[name], dimension)]


def members(board: Board, dimension: str, *, only: Collection[int] | None = None) -> Part:
    """One row for each team, agent or queue (or for ``only`` these), with a column per KPI."""
    columns = member_kpis(board, dimension)
    readings = board.read(columns, dimension, only=None if only is None else {dimension: only})
    labels = Labels(board.viewer, board.selection, readings)
    found: dict[Any, dict[str, Reading]] = {}
    for reading in readings:
        found.setdefault(reading.at[dimension], {})[reading.kpi.key] = reading
    tells_of_offered = dimension == "queue" and not all(map(is_of_handled_work, columns))
    shares = {value for value in found if tells_of_offered and board.is_of_others(value)}
    targets = board.every_target.of_each(dimension, [value for value in found if value])
    rows = [
        Row(
            labels.name(dimension, value),
            labels.url(dimension, value),
            [_cell(cells.get(kpi.key), targets.get(value, {}).get(kpi.key)) for kpi in columns],
            _("what your teams answered in this queue") if value in shares else "",
        )
        for value, cells in found.items()
    ]
    rows.sort(key=lambda row: row.name.casefold())
    # A page of a longer list cannot be sorted by itself.
    can_sort = only is None
    if can_sort:
        _sort(rows, board.selection.sort)
    note = ""
    if len(rows) > MOST_ROWS:
        note = _("the first %(shown)s of %(all)s; the CSV has them all") % {"shown": MOST_ROWS, "all": len(rows)}
    title = {"team": _("Teams"), "agent": _("Agents"), "queue": _("Queues")}[dimension]
    head = str(DIMENSION_NAMES[dimension])
    return Part(
        f"by_{dimension}",
        title,
        readings,
        labels,
        (dimension,),
        note,
        rows=rows[:MOST_ROWS],
        columns=[_column(board, kpi) if can_sort else Column(kpi) for kpi in columns],
        head=head,
    )


def _cell(reading: Reading | None, target: Goal | None) -> Cell:
    return Cell(reading, verdict(reading, target) if reading else None, target)


def _column(board: Board, kpi: Kpi) -> Column:
    """From the highest down first, then the other way round."""
    selection = board.selection
    order = {kpi.key: "ascending", f"-{kpi.key}": "descending"}.get(selection.sort, "")
    turned = kpi.key if order == "descending" else f"-{kpi.key}"
    return Column(kpi, selection.query_with(kpi=selection.kpi, by=selection.by, sort=turned), order)


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
