"""Which KPIs tables of teams, agents and queues show: those of the address, else the viewer's own choice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from kpis.dashboards.board import Board
from kpis.definitions import KPIS
from kpis.kpi import Kpi

# What members are compared by where nobody chose: columns of their table, as far as they can be split so.
USUAL_COLUMNS = (
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
MOST_COLUMNS = 10  # that fit on paper too


@dataclass(frozen=True)
class ColumnChoice:
    """A KPI that can be a column here, and whether it is one."""

    kpi: Kpi
    is_chosen: bool


@dataclass(frozen=True)
class ColumnGroup:
    """Choices that belong together."""

    name: str
    choices: list[ColumnChoice]


def member_kpis(board: Board, dimension: str) -> list[Kpi]:
    """The columns that a table of members has here; the usual ones where nothing chosen can be split so."""
    for keys in (board.selection.columns, board.viewer.member_columns, USUAL_COLUMNS):
        found = [KPIS[key] for key in keys if key in KPIS and board.can(KPIS[key], dimension)]
        if found:
            return found[:MOST_COLUMNS]
    return []


def column_choices(board: Board, dimension: str, columns: Collection[Kpi]) -> list[ColumnGroup]:
    """Every KPI that members can be compared by, in the groups of the catalogue."""
    possible = [kpi for kpi in KPIS.values() if board.can(kpi, dimension)]
    return [
        ColumnGroup(name, [ColumnChoice(kpi, kpi in columns) for kpi in kpis])
        for name, kpis in groupby(possible, key=lambda kpi: str(kpi.group))
    ]
