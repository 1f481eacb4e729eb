"""Every KPI of a selection in one table, by group."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from kpis.dashboards.board import Board
from kpis.dashboards.tiles import Change, change, why_nothing
from kpis.measure import Reading
from kpis.text import format_target, format_value
from kpis.verdict import Verdict, verdict


@dataclass(frozen=True)
class Line:
    """One KPI: reading, target, verdict, change, and where its story is."""

    reading: Reading
    url: str
    text: str
    target: str
    verdict: Verdict | None
    change: Change | None
    why_nothing: str


@dataclass(frozen=True)
class Group:
    """KPIs that belong together."""

    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Summary:
    """KPIs by group, and those apart of which nothing was measured here, now or in the comparison."""

    groups: list[Group]
    without_data: list[Line]


def summary(board: Board) -> Summary:
    """All KPIs that the selection has, in the registry's order."""
    lines = [_line(board, reading) for reading in board.now.values()]
    measured = [line for line in lines if _has_data(board, line.reading)]
    groups = groupby(measured, key=lambda line: str(line.reading.kpi.group))
    return Summary(
        [Group(name, list(found)) for name, found in groups], [line for line in lines if line not in measured]
    )


def _has_data(board: Board, reading: Reading) -> bool:
    """Whether there is a value (0 is one): of the period, of what still matures in it, or of the comparison."""
    before = board.before.get(reading.kpi.key)
    return reading.value is not None or reading.is_maturing or (before is not None and before.value is not None)


def _line(board: Board, reading: Reading) -> Line:
    kpi = reading.kpi
    target = board.targets.get(kpi.key)
    return Line(
        reading,
        f"{reverse('kpis:kpi_detail', args=[kpi.key])}?{board.selection.query}",
        format_value(kpi, reading.value, beside=target.value if target else None),
        format_target(kpi, target.value, beside=reading.value) if target else "",
        verdict(reading, target),
        change(reading, board.before.get(kpi.key)),
        why_nothing(reading) if reading.value is None else "",
    )
