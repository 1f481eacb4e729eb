"""Members side by side: one row for each team, agent or queue, with a column per KPI."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from interactions.text import format_number
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
from people.models import Agent, Membership

# A longer table is a list of its own, with pages and search.
MOST_ROWS = 100


def agents(board: Board, *, is_whole: bool) -> Part:
    """The agents of the selection's teams; of several teams no more than a table holds, unless the ``whole`` is asked.

    A region has thousands, whose figures nobody reads at once: they are read for a file alone.
    """
    teams = board.selection.where["team"]
    if is_whole or len(teams) == 1:
        return members(board, "agent")
    period = board.selection.period
    lasted = Q(ends_on__isnull=True) | Q(ends_on__gt=period.start)
    memberships = Membership.objects.filter(lasted, team__in=teams, starts_on__lte=period.end)
    found = Agent.objects.visible_to(board.viewer).filter(pk__in=memberships.values("agent")).order_by("name", "pk")
    ids = list(found.values_list("pk", flat=True))
    if len(ids) <= MOST_ROWS:
        return members(board, "agent")
    return members(board, "agent", only=ids[:MOST_ROWS], of=len(ids))


def members(
    board: Board,
    dimension: str,
    *,
    only: Collection[int] | None = None,
    of: int = 0,
    has_courses: bool = True,
) -> Part:
    """One row for each team, agent or queue (or for ``only`` these, ``of`` so many), with a column per KPI.

    ``has_courses`` adds the course of the KPI that the rows are sorted by.
    """
    columns = member_kpis(board, dimension)
    readings = board.read(columns, dimension, only=None if only is None else {dimension: only})
    labels = Labels(board.viewer, board.selection, readings)
    # A page of a longer list cannot be sorted by itself.
    can_sort = only is None
    sort = board.selection.sort if can_sort else ""
    order = _order(dimension, readings, labels, sort)
    rows, drawn = _rows(board, dimension, order[:MOST_ROWS], readings, labels), None
    if has_courses:
        rows, drawn = _with_courses(board, dimension, columns, rows)
    title = {"team": _("Teams"), "agent": _("Agents"), "queue": _("Queues")}[dimension]
    return Part(
        f"by_{dimension}",
        title,
        readings,
        labels,
        (dimension,),
        _note(max(of, len(order))),
        rows=rows,
        columns=[_column(board, kpi) if can_sort else Column(kpi) for kpi in columns],
        head=str(DIMENSION_NAMES[dimension]),
        head_query=board.selection.query_with(**board.selection.page_state | {"sort": None}) if sort else "",
        course_of=drawn,
        choices=column_choices(board, dimension, columns),
    )


def _note(number: int) -> str:
    """That not all so many members are shown; "" where they are."""
    if number <= MOST_ROWS:
        return ""
    words = {"shown": format_number(MOST_ROWS), "all": format_number(number)}
    return _("the first %(shown)s of %(all)s; the CSV has them all") % words


def _order(dimension: str, readings: Iterable[Reading], labels: Labels, by: str) -> list[Any]:
    """The members that have a reading: by name, or by one KPI.

    By a KPI, those with too few to rank come after the others, those without a value last.
    """
    sign, key = -1 if by.startswith("-") else 1, by.removeprefix("-")
    known = {reading.at[dimension]: reading for reading in readings if reading.kpi.key == key}

    def rank(value: Any) -> tuple[int, float]:
        found = known.get(value)
        if found is None or found.value is None:
            return 2, 0
        return int(found.is_small), sign * found.value

    names = {value: labels.name(dimension, value) for value in (reading.at[dimension] for reading in readings)}
    return sorted(sorted(names, key=lambda value: names[value].casefold()), key=rank)


def _rows(board: Board, dimension: str, shown: Sequence[Any], readings: Iterable[Reading], labels: Labels) -> list[Row]:
    """The lines of those members, in their order."""
    columns = member_kpis(board, dimension)
    cells: dict[Any, dict[str, Reading]] = {value: {} for value in shown}
    for reading in readings:
        if (value := reading.at[dimension]) in cells:
            cells[value][reading.kpi.key] = reading
    tells_of_offered = dimension == "queue" and not all(map(is_of_handled_work, columns))
    shares = {value for value in shown if tells_of_offered and board.is_of_others(value)}
    targets = board.every_target.of_each(dimension, [value for value in shown if value])
    return [
        Row(
            labels.name(dimension, value),
            labels.url(dimension, value),
            [_cell(found.get(kpi.key), targets.get(value, {}).get(kpi.key)) for kpi in columns],
            _("what your teams answered in this queue") if value in shares else "",
            member=value,
        )
        for value, found in cells.items()
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
