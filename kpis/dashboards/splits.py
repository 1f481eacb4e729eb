"""By which dimensions a KPI can be split here, and by which not."""

from __future__ import annotations

from dataclasses import dataclass

from kpis.dashboards.board import Board
from kpis.dashboards.labels import DIMENSION_NAMES
from kpis.kpi import Kpi

OFFERED_FIRST = ("team", "queue", "agent", "channel", "weekday")


@dataclass(frozen=True)
class Split:
    """A dimension, and whether the KPI has it."""

    dimension: str
    name: str
    is_possible: bool


def splits(board: Board, kpi: Kpi) -> list[Split]:
    """Every dimension, in order; those that the KPI does not have are shown as such."""
    return [Split(dimension, str(name), board.can(kpi, dimension)) for dimension, name in DIMENSION_NAMES.items()]


def default_split(board: Board, kpi: Kpi) -> str:
    """The dimension that was asked for if the KPI has it, else the most telling one that it has; "" for none."""
    asked = board.selection.by
    if asked and board.can(kpi, asked):
        return asked
    fixed = board.selection.filters
    return next((name for name in OFFERED_FIRST if name not in fixed and board.can(kpi, name)), "")
