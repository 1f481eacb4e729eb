"""Members side by side: one row for each team, agent or queue, with a column per KPI."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from interactions.text import format_number
from kpis.dashboards.board import Board
from kpis.dashboards.labels import DIMENSION_NAMES, Labels
from kpis.dashboards.parts import Cell, Column, Part, Row
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.shares import is_of_handled_work
from kpis.targets import Goal
from kpis.verdict import verdict
from people.models import Agent, Membership

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
    return (
        members(board, "agent", only=ids[:MOST_ROWS], of=len(ids)) if len(ids) > MOST_ROWS else members(board, "agent")
    )


def members(board: Board, dimension: str, *, only: Collection[int] | None = None, of: int = 0) -> Part:
    """One row for each team, agent or queue (or for ``only`` these, ``of`` so many), with a column per KPI."""
    columns = member_kpis(board, dimension)
    readings = board.read(columns, dimension, only=None if only is None else {dimension: only})
    labels = Labels(board.viewer, board.selection, readings)
    # A page of a longer list cannot be sorted by itself.
    can_sort = only is None
    order = _order(dimension, readings, labels, board.selection.sort if can_sort else "")
    note = ""
    if (number := max(of, len(order))) > MOST_ROWS:
        words = {"shown": format_number(MOST_ROWS), "all": format_number(number)}
        note = _("the first %(shown)s of %(all)s; the CSV has them all") % words
    title = {"team": _("Teams"), "agent": _("Agents"), "queue": _("Queues")}[dimension]
    head = str(DIMENSION_NAMES[dimension])
    return Part(
        f"by_{dimension}",
        title,
        readings,
        labels,
        (dimension,),
        note,
        rows=_rows(board, dimension, order[:MOST_ROWS], readings, labels),
        columns=[_column(board, kpi) if can_sort else Column(kpi) for kpi in columns],
        head=head,
    )


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
        )
        for value, found in cells.items()
    ]


def _cell(reading: Reading | None, target: Goal | None) -> Cell:
    return Cell(reading, verdict(reading, target) if reading else None, target)


def _column(board: Board, kpi: Kpi) -> Column:
    """From the highest down first, then the other way round."""
    selection = board.selection
    order = {kpi.key: "ascending", f"-{kpi.key}": "descending"}.get(selection.sort, "")
    turned = kpi.key if order == "descending" else f"-{kpi.key}"
    return Column(kpi, selection.query_with(kpi=selection.kpi, by=selection.by, sort=turned), order)
